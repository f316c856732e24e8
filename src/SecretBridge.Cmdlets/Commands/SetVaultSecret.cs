using System.Collections;
using System.Management.Automation;
using System.Text;
using SecretBridge.Backends;
using SecretBridge.Completion;
using SecretBridge.Pipeline;
using SecretBridge.Reporting;
using SecretBridge.Secrets;
using SecretBridge.Stores;
using SecretBridge.Values;

namespace SecretBridge.Commands;

/// <summary>Writes secrets: from a hashtable, a JSON file, JSON text or another secret, or with a new generated value.</summary>
[Cmdlet(VerbsCommon.Set, "VaultSecret", DefaultParameterSetName = "Data", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(SecretChange))]
public sealed partial class SetVaultSecret : StreamCmdlet<SecretItem>
{
    /// <summary>The secret to write. Where another secret is piped and this is not given, it is written back to its place.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Data", ValueFromPipeline = true)]
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "JsonFile", ValueFromPipeline = true)]
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "JsonText", ValueFromPipeline = true)]
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Record", ValueFromPipelineByPropertyName = true)]
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Rotate", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ReferenceText]
    [ArgumentCompleter(typeof(UriCompleter))]
    public string Uri { get; set; } = "";

    /// <summary>The values by key: secure strings, sealed values, or plain text, numbers, booleans, hashtables and arrays.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = "Data")]
    [HashtableOfSecrets]
    public IDictionary? Data { get; set; }

    /// <summary>A file that holds the secret as one JSON object. Its numbers and order are kept.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "JsonFile")]
    public string? JsonPath { get; set; }

    /// <summary>The secret as one JSON object. Traces and logs print such text, so it must be allowed.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "JsonText")]
    public string? Json { get; set; }

    /// <summary>Allows secret text on the command line, where traces, logs and the history keep it.</summary>
    [Parameter(ParameterSetName = "JsonText")]
    public SwitchParameter AllowPlainTextInput { get; set; }

    /// <summary>Another secret, such as Get-VaultSecret writes, whose values are written.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Record", ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    /// <summary>Lays the given keys over those that are there, instead of replacing the whole secret.</summary>
    [Parameter(ParameterSetName = "Data")]
    [Parameter(ParameterSetName = "JsonFile")]
    [Parameter(ParameterSetName = "JsonText")]
    [Parameter(ParameterSetName = "Record")]
    public SwitchParameter Merge { get; set; }

    /// <summary>The version that must be current; 0 for a secret never written. Without it, the version just read.</summary>
    [Parameter]
    public int? CheckAndSet { get; set; }

    /// <summary>Lets a merge write back numbers that the server has rounded.</summary>
    [Parameter]
    public SwitchParameter AllowPrecisionLoss { get; set; }

    /// <summary>The connection for references that name none.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(BackendCompleter))]
    [ValidateNotNull]
    public BackendArgument? Backend { get; set; }

    /// <inheritdoc/>
    private protected override Func<IAsyncEnumerable<SecretItem>, Task> Prepare()
    {
        if (ParameterSetName == "JsonText" && !AllowPlainTextInput)
        {
            throw new BridgeException(FaultKind.InvalidArgument, nameof(Json), "-Json takes secret text, which needs -AllowPlainTextInput.");
        }

        if (Rotate)
        {
            SecretRotate rotation = Rotation;
            return items => WriteRowsAsync(rotation.RunAsync(items, Cancellation));
        }

        var write = new SecretWrite(new()
        {
            Stores = Backends.Stores(Backend),
            Merge = Merge,
            CheckAndSet = CheckAndSet,
            AllowPrecisionLoss = AllowPrecisionLoss,
        });
        return items => WriteRowsAsync(write.RunAsync(items, Cancellation));
    }

    /// <inheritdoc/>
    private protected override IEnumerable<SecretItem> Take()
    {
        GivenUri.Check(Uri);
        SecretPayload? payload = ParameterSetName switch
        {
            "Data" => GivenValues.Payload(Data!),
            "JsonFile" => JsonFile.Read(GetUnresolvedProviderPathFromPSPath(JsonPath!)),
            "JsonText" => SecretPayload.Parse(Encoding.UTF8.GetBytes(Json!), nameof(Json)),
            "Rotate" => null,
            _ => GivenValues.Payload(InputObject),
        };
        string what = Rotate ? "Write a new generated value of" : "Write";
        Answer answer = Ask($"{what} the secret {Uri}", $"{what} the secret {Uri}?");
        return answer == Answer.No ? [] : [new(Uri, answer == Answer.PlanOnly, payload)];
    }

    /// <inheritdoc/>
    private protected override void Refuse(BridgeException fault, bool isOneOfMany)
    {
        base.Refuse(fault, isOneOfMany);
        WriteObject(SecretPlace.Failed(null, GivenUri.Shown(Uri), fault));
    }
}
