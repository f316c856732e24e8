using System.Collections;
using System.Management.Automation;
using SecretBridge.Backends;
using SecretBridge.Federation;
using SecretBridge.Pipeline;
using SecretBridge.Reporting;
using SecretBridge.Stores;
using SecretBridge.Values;
using SecretBridge.Wire;

namespace SecretBridge.Commands;

/// <summary>Makes a federation backend in ScaiVault: a Vault server whose secrets it gives out under its own paths.</summary>
[Cmdlet(VerbsCommon.New, "FederationBackend", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(FederationBackend))]
public sealed partial class NewFederationBackend : AsyncCmdlet
{
    /// <inheritdoc/>
    protected override void EndProcessing() => Run(() =>
    {
        ScaiVaultBackend scaiVault = Backends.GetScaiVault(Backend);
        var options = new FederationOptions
        {
            Name = Name,
            Type = Type,
            Address = Address,
            Namespace = Namespace,
            AuthMethod = AuthMethod,
            AuthConfigPath = AuthConfigPath,
            TlsVerify = MyInvocation.BoundParameters.ContainsKey(nameof(SkipCertificateCheck)) ? !SkipCertificateCheck : null,
            Config = More(),
            PathMap = Rules(),
            Mode = Mode,
            Audit = Backends.Audit,
        };
        options.Validate();
        string what = $"Make the federation backend '{Name}' for {Address} in {scaiVault}";
        Answer answer = Ask(what, what + "?");
        if (answer == Answer.No)
        {
            return;
        }

        Start(async () => await WriteAsync(
            await FederationKnown.Of(scaiVault).CreateAsync(options with { PlanOnly = answer == Answer.PlanOnly }, Cancellation)));
        Finish();
    });

    /// <inheritdoc/>
    private protected override string? Hint(BridgeException fault) => fault is VaultException { StatusCode: 409 }
        ? $"ScaiVault has a backend '{Name}' already: change it with Set-FederationBackend and its id, or give another name."
        : null;

    private SecretPayload? More()
    {
        SecretPayload? given = Config is null ? null : GivenValues.Payload(Config);
        if (ConfigEnv is null)
        {
            return given;
        }

        SecretPayload read = SecretPayload.FromValues(ConfigEnv.Cast<DictionaryEntry>().Select(entry => KeyValuePair.Create(
            entry.Key.ToString() ?? "",
            SealedValue.FromSecureString(SecretVariable.Read(entry.Value?.ToString() ?? "", nameof(ConfigEnv))))));
        return given is null ? read : given.Merge(read);
    }

    private KeyValuePair<string, string>[] Rules() => PathRules.Of(Map, null, _ => Task.FromResult<string?>(null))
        .Select(rule => rule.Transform is null
            ? KeyValuePair.Create(rule.Source, rule.Destination)
            : throw new BridgeException(FaultKind.InvalidArgument, nameof(Map), $"-Map leads '{rule.Source}' to a script, which ScaiVault cannot run. Give a path."))
        .ToArray();
}
