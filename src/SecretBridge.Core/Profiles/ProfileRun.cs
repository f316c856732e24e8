using System.Runtime.CompilerServices;
using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Profiles;

/// <summary>
/// Runs a command with a profile: its settings and secrets are variables of the child process and of nothing else. Where a value is missing
/// or the workflow is not allowed, nothing is run.
/// </summary>
public sealed class ProfileRun
{
    private readonly ProfileRunOptions _options;

    /// <summary>Prepares running.</summary>
    public ProfileRun(ProfileRunOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
    }

    /// <summary>Runs once a profile, one after the other. A profile that cannot be used is a row with a fault; the others go on.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled; the process and all that it started have been killed.</exception>
    public async IAsyncEnumerable<ProfileRunResult> RunAsync(IAsyncEnumerable<ProfileQuery> queries, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var read = new ProfileRead(new() { Stores = _options.Stores, Workflow = _options.Workflow, ThrottleLimit = 1 });
        await foreach (SealedProfile profile in read.RunAsync(queries, cancellationToken).ConfigureAwait(false))
        {
            var row = new ProfileRunResult { Uri = profile.Uri, Name = profile.RelativePath ?? profile.Name, Command = _options.Command };
            ProfileRunResult result;
            try
            {
                result = await RunAsync(profile, row, cancellationToken).ConfigureAwait(false);
            }
            catch (BridgeException exception) when (!ProfileFaults.EndsTheRun(exception))
            {
                result = row with { Reason = exception.Message, Fault = exception };
            }

            yield return result;
        }
    }

    private async Task<ProfileRunResult> RunAsync(SealedProfile profile, ProfileRunResult row, CancellationToken cancellationToken)
    {
        if (profile.Fault is not null)
        {
            throw profile.Fault;
        }

        IReadOnlyList<ProfileVariable> variables = ProfileVariable.Of(profile);
        row = row with { Variable = variables.Select(variable => variable.Name).ToArray() };
        var environment = new Dictionary<string, string>(_options.Environment, Names);
        var secrets = new List<string>();
        foreach (ProfileVariable variable in variables)
        {
            (string text, bool isSecret) = await OpenAsync(variable, cancellationToken).ConfigureAwait(false);
            environment[variable.Name] = text;
            if (isSecret)
            {
                secrets.Add(text);
            }
        }

        if (_options.PlanOnly)
        {
            return row with { Planned = true };
        }

        _options.Audit.Write(new("profile.used", profile.Uri)
        {
            Workflow = _options.Workflow,
            Backend = SecretReference.Parse(profile.Uri).Backend,
            Details = new Dictionary<string, string>(StringComparer.Ordinal) { ["command"] = Path.GetFileName(_options.Command) },
        });
        var mask = new OutputMask(_options.AllowSecretOutput ? [] : secrets);
        var process = new ChildProcess(_options.Command, _options.Arguments, environment, _options.WorkingDirectory)
        {
            Input = _options.Input,
            Output = line => _options.Output(mask.Apply(line)),
            Error = line => _options.Error(mask.Apply(line)),
        };
        long start = _options.Time.GetTimestamp();
        int exitCode = await process.RunAsync(cancellationToken).ConfigureAwait(false);
        return row with { ExitCode = exitCode, Duration = _options.Time.GetElapsedTime(start) };
    }

    // On Windows Path and PATH are one variable.
    private static StringComparer Names => OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;

    private async Task<(string Text, bool IsSecret)> OpenAsync(ProfileVariable variable, CancellationToken cancellationToken)
    {
        string key = $"{(variable.IsSecret ? "secrets" : "env")}.{variable.Name}";
        string text = variable.Value.Reveal()
            ?? throw new BridgeException(FaultKind.InvalidProfile, variable.Uri, $"'{key}' of '{variable.Uri}' has no value.");
        bool isReference = ProfileReferences.IsReference(text);
        if (isReference)
        {
            SealedValue value = await ProfileReferences.ResolveAsync(variable.Uri, key, text, _options.Resolve, cancellationToken).ConfigureAwait(false)
                ?? throw new BridgeException(FaultKind.NotSupported, variable.Uri, $"'{key}' of '{variable.Uri}' is a reference, and nothing here opens references.");
            text = value.Reveal() ?? throw new BridgeException(FaultKind.SecretNotFound, variable.Uri, $"The reference in '{key}' of '{variable.Uri}' leads to no value.");
        }

        return ProfileRules.VariableFlaw(variable.Name, text) is { } flaw
            ? throw new BridgeException(FaultKind.InvalidProfile, variable.Uri, $"'{key}' of '{variable.Uri}' cannot be used: {flaw}")
            : (text, variable.IsSecret || isReference);
    }
}
