using System.Collections;
using System.Management.Automation;
using System.Security;
using SecretBridge.Backends;
using SecretBridge.Completion;
using SecretBridge.Inventory;
using SecretBridge.Values;

namespace SecretBridge.Commands;

public sealed partial class FindVaultSecret
{
    /// <summary>The folders to search, or rows for single secrets.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ReferenceText]
    [ArgumentCompleter(typeof(UriCompleter))]
    public string[] Uri { get; set; } = [];

    /// <summary>The piped object that the reference came from.</summary>
    [Parameter(ValueFromPipeline = true, DontShow = true)]
    public PSObject? InputObject { get; set; }

    /// <summary>Globs of relative paths to look at.</summary>
    [Parameter]
    [ValidateNotNull]
    public string[] Include { get; set; } = [];

    /// <summary>Globs of relative paths to leave out.</summary>
    [Parameter]
    [ValidateNotNull]
    public string[] Exclude { get; set; } = [];

    /// <summary>A regular expression that relative paths match.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Match { get; set; }

    /// <summary>Names of keys, with * and ?; nested keys too.</summary>
    [Parameter]
    [ValidateNotNull]
    public string[] KeyName { get; set; } = [];

    /// <summary>Custom metadata that a secret has, with * and ? in its values.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary? CustomMetadata { get; set; }

    /// <summary>How long ago at least a secret was last written.</summary>
    [Parameter]
    public TimeSpan? OlderThan { get; set; }

    /// <summary>How long ago at most a secret was last written.</summary>
    [Parameter]
    public TimeSpan? NewerThan { get; set; }

    /// <summary>Finds what was written once and never again.</summary>
    [Parameter]
    public SwitchParameter NeverUpdated { get; set; }

    /// <summary>The value that one of the keys has. Values are read for it.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Value")]
    public SecureString? Value { get; set; }

    /// <summary>A regular expression that one of the values matches. Values are read for it.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Pattern")]
    [ValidateNotNullOrEmpty]
    public string? ValuePattern { get; set; }

    /// <summary>Finds groups of secrets that share a value. Values are read for it.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Duplicate")]
    public SwitchParameter Duplicate { get; set; }

    /// <summary>Groups secrets that are the same as a whole.</summary>
    [Parameter(ParameterSetName = "Duplicate")]
    public SwitchParameter WholeSecret { get; set; }

    /// <summary>The characters that a value has at least to be a duplicate.</summary>
    [Parameter(ParameterSetName = "Duplicate")]
    public int MinimumLength { get; set; } = FindOptions.UsualMinimumLength;

    /// <summary>Reads values without asking first.</summary>
    [Parameter(ParameterSetName = "Value")]
    [Parameter(ParameterSetName = "Pattern")]
    [Parameter(ParameterSetName = "Duplicate")]
    public SwitchParameter Force { get; set; }

    /// <summary>How many requests may be in flight; found out while it runs where no number is given.</summary>
    [Parameter]
    public int? ThrottleLimit { get; set; }

    /// <summary>The connection for references that name none.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(BackendCompleter))]
    [ValidateNotNull]
    public BackendArgument? Backend { get; set; }
}
