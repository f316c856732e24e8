using System.Collections;
using System.Management.Automation;
using System.Security;
using SecretBridge.Backends;
using SecretBridge.Completion;
using SecretBridge.Trees;

namespace SecretBridge.Commands;

public sealed partial class ImportSecretSnapshot
{
    /// <summary>The snapshot's file.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>The folder below which the tree lands.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ArgumentCompleter(typeof(UriCompleter))]
    public string DestinationUri { get; set; } = "";

    /// <summary>The passphrase of the snapshot.</summary>
    [Parameter]
    public SecureString? Passphrase { get; set; }

    /// <summary>The name of an environment variable that holds the passphrase.</summary>
    [Parameter]
    public string? PassphraseEnv { get; set; }

    /// <summary>The key file of the snapshot.</summary>
    [Parameter]
    public string? KeyFile { get; set; }

    /// <summary>The connection for a destination that names none.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(BackendCompleter))]
    [ValidateNotNull]
    public BackendArgument? DestinationBackend { get; set; }

    /// <summary>Rules that lead paths of the snapshot to other destination paths; several globs need an ordered hashtable.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary? Map { get; set; }

    /// <summary>A file of such rules: a JSON object, with comments, or CSV with the heading source,destination.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? MapPath { get; set; }

    /// <summary>Globs of paths to keep.</summary>
    [Parameter]
    [ValidateNotNull]
    public string[] Include { get; set; } = [];

    /// <summary>Globs of paths to leave out.</summary>
    [Parameter]
    [ValidateNotNull]
    public string[] Exclude { get; set; } = [];

    /// <summary>What to do where the destination has other content.</summary>
    [Parameter]
    public ConflictPolicy Conflict { get; set; }

    /// <summary>Which versions to bring back: All that are in the snapshot, Latest, or a number.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(VersionCompleter))]
    [ValidateNotNullOrEmpty]
    public string Version { get; set; } = "All";

    /// <summary>With -Version All: gives each version the number that it had.</summary>
    [Parameter]
    public SwitchParameter KeepVersionNumber { get; set; }

    /// <summary>What to do with a secret whose selected version was deleted or destroyed.</summary>
    [Parameter]
    public DeletedVersionPolicy DeletedVersion { get; set; } = DeletedVersionPolicy.Preserve;

    /// <summary>Leaves the metadata of the destination as it is.</summary>
    [Parameter]
    public SwitchParameter SkipMetadata { get; set; }

    /// <summary>Brings back what was set for the mount, where the destination's has nothing set.</summary>
    [Parameter]
    public SwitchParameter IncludeMountConfig { get; set; }

    /// <summary>Reads back what was written.</summary>
    [Parameter]
    public SwitchParameter Verify { get; set; }

    /// <summary>How many secrets may be under way; found out while it runs where no number is given.</summary>
    [Parameter]
    public int? ThrottleLimit { get; set; }

    /// <summary>Writes one summary instead of a row a secret.</summary>
    [Parameter]
    public SwitchParameter Summary { get; set; }
}
