using System.Management.Automation;
using SecretBridge.Audit;
using SecretBridge.Backends;
using SecretBridge.Configuration;
using SecretBridge.Stores;

namespace SecretBridge.Commands;

public sealed partial class ConnectVaultBackend
{
    /// <summary>The configuration file of another system, which tells what is not given here.</summary>
    [Parameter]
    public string? ConfigPath { get; set; }

    /// <summary>The file of the audit trail that this runspace keeps from now on.</summary>
    [Parameter]
    public string? AuditPath { get; set; }

    /// <summary>What the file says; null without one. What there is to say of it is said.</summary>
    private BridgeConfiguration? Configuration()
    {
        if (Full(ConfigPath) is not { } path)
        {
            return null;
        }

        ConfigurationSources sources = ConfigurationSources.OfProcess() with { WantsAuth = ParameterSetName == "Environment" };
        BridgeConfiguration file = ConfigurationFile.Load(path, sources);
        string recognised = $"{path} is read as: {file.KindName}.";
        WriteVerbose(recognised);
        WriteInformation(recognised, ["SecretBridge"]);
        foreach (string note in file.Notes)
        {
            WriteVerbose(note);
        }

        foreach (string warning in file.Warnings)
        {
            WriteWarning(warning);
        }

        if (!file.Enabled)
        {
            WriteWarning($"{path} says that the connection is not enabled: nothing was connected.");
        }

        return file;
    }

    /// <summary>The audit trail that was asked for, after a look whether it can be written; null where none was.</summary>
    private AuditTrail? Trail()
    {
        if (Full(AuditPath) is not { } path)
        {
            return null;
        }

        AuditTrail trail = AuditSwitch.Trail(path);
        trail.Check();
        return trail;
    }

    /// <summary>What is of effect in the whole runspace, once the connection stands, or where none is to be made.</summary>
    private void Apply(VaultBackend? backend, BridgeConfiguration? file, AuditTrail? trail)
    {
        // What an earlier file said of bare names must not lead them into a connection that says nothing of them.
        Backends.Registry.DefaultScheme = file?.DefaultScheme;
        if (trail is not null)
        {
            Backends.Registry.Audit = trail;
            if (backend is not null)
            {
                backend.Audit = trail;
            }
        }
    }
}
