using System.Management.Automation;
using System.Security;
using SecretBridge.Backends;
using SecretBridge.Completion;
using SecretBridge.Stores.Snapshots;

namespace SecretBridge.Commands;

public sealed partial class ExportSecretSnapshot
{
    /// <summary>The tree: a mount, a folder, or one secret.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ArgumentCompleter(typeof(UriCompleter))]
    public string Uri { get; set; } = "";

    /// <summary>The file to make.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>The connection for a reference that names none.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(BackendCompleter))]
    [ValidateNotNull]
    public BackendArgument? Backend { get; set; }

    /// <summary>The passphrase of the snapshot.</summary>
    [Parameter(ParameterSetName = "Sealed")]
    public SecureString? Passphrase { get; set; }

    /// <summary>The name of an environment variable that holds the passphrase.</summary>
    [Parameter(ParameterSetName = "Sealed")]
    public string? PassphraseEnv { get; set; }

    /// <summary>A key file instead of a passphrase: 32 bytes to 64 KiB, readable by its owner alone.</summary>
    [Parameter(ParameterSetName = "Sealed")]
    public string? KeyFile { get; set; }

    /// <summary>Which versions to keep: All, or Latest.</summary>
    [Parameter(ParameterSetName = "Sealed")]
    [ArgumentCompleter(typeof(VersionCompleter))]
    [ValidateNotNullOrEmpty]
    public string Version { get; set; } = "All";

    /// <summary>Writes the latest values in plain text, for everybody to read who gets the file.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Plain")]
    public SwitchParameter AsPlainText { get; set; }

    /// <summary>The form of plain text.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Plain")]
    public PlainFormat Format { get; set; }

    /// <summary>Globs of paths to keep.</summary>
    [Parameter]
    [ValidateNotNull]
    public string[] Include { get; set; } = [];

    /// <summary>Globs of paths to leave out.</summary>
    [Parameter]
    [ValidateNotNull]
    public string[] Exclude { get; set; } = [];

    /// <summary>Makes the file though something could not be read, and marks it in it.</summary>
    [Parameter]
    public SwitchParameter AllowPartial { get; set; }

    /// <summary>Replaces a file that is there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>How many secrets may be under way; found out while it runs where no number is given.</summary>
    [Parameter]
    public int? ThrottleLimit { get; set; }
}
