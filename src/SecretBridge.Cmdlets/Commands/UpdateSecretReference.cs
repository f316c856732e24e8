using System.Collections;
using System.Management.Automation;
using SecretBridge.Pipeline;
using SecretBridge.References;
using SecretBridge.Reporting;
using SecretBridge.Trees;
using SecretBridge.Values;

namespace SecretBridge.Commands;

/// <summary>Rewrites references in configuration files, from a map or from the rows of a copy.</summary>
[Cmdlet(VerbsData.Update, "SecretReference", DefaultParameterSetName = "Map", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(ReferenceChange))]
public sealed class UpdateSecretReference : StreamCmdlet<UpdateInput>
{
    private readonly CopiedReferences _copied = new();

    /// <summary>The files to rewrite; wildcards are allowed.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Map", ValueFromPipeline = true)]
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Copy")]
    [SupportsWildcards]
    [ReferenceText]
    public string[] Path { get; set; } = [];

    /// <summary>The files to rewrite, taken literally.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "LiteralMap")]
    [Parameter(Mandatory = true, ParameterSetName = "LiteralCopy")]
    [Alias("LP")]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>What has moved: old references, of secrets or folders, with the new ones.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Map")]
    [Parameter(Mandatory = true, ParameterSetName = "LiteralMap")]
    [ValidateNotNull]
    public IDictionary? Map { get; set; }

    /// <summary>The rows of Copy-VaultSubtree. Only what was written or is equal counts.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Copy", ValueFromPipeline = true)]
    [Parameter(Mandatory = true, ParameterSetName = "LiteralCopy", ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    /// <summary>Keeps no copy of the files as they were.</summary>
    [Parameter]
    public SwitchParameter NoBackup { get; set; }

    /// <inheritdoc/>
    private protected override Func<IAsyncEnumerable<UpdateInput>, Task> Prepare()
    {
        if (Map is not null)
        {
            ReferenceUpdate update = Updating(Map.Cast<DictionaryEntry>().Select(Move).ToArray());
            return inputs => WriteRowsAsync(update.RunAsync(FilesOf(inputs), Cancellation));
        }

        UpdateItem[] files = Files().ToArray();
        return async inputs =>
        {
            var moves = new List<MovedReference>();
            await foreach (UpdateInput input in inputs)
            {
                moves.Add(input.Move!);
            }

            _copied.Report(Reporter);
            await WriteRowsAsync(Updating(moves).RunAsync(files.ToAsync(), Cancellation));
        };
    }

    /// <inheritdoc/>
    private protected override IEnumerable<UpdateInput> Take() => Map is not null
        ? Files().Select(file => new UpdateInput(file, null))
        : _copied.Take(InputObject!) is { } move ? [new(null, move)] : [];

    private static async IAsyncEnumerable<UpdateItem> FilesOf(IAsyncEnumerable<UpdateInput> inputs)
    {
        await foreach (UpdateInput input in inputs)
        {
            yield return input.File!;
        }
    }

    private ReferenceUpdate Updating(IReadOnlyList<MovedReference> moves) => new(new() { Moves = moves, Backup = !NoBackup }, Reporter);

    private static MovedReference Move(DictionaryEntry entry) => entry.Value is null
        ? throw new BridgeException(FaultKind.InvalidArgument, nameof(Map), $"-Map leads '{entry.Key}' to $null.")
        : new(entry.Key.ToString()!, entry.Value.ToString()!);

    private IEnumerable<UpdateItem> Files()
    {
        foreach (string file in LiteralPath.Length > 0 ? LiteralPath.Select(path => FilePaths.Literal(SessionState, path)) : Path.SelectMany(path => FilePaths.Matching(SessionState, path)))
        {
            Answer answer = Ask($"Rewrite references in {file}", $"Rewrite references in {file}?");
            if (answer != Answer.No)
            {
                yield return new(file, answer == Answer.PlanOnly);
            }
        }
    }
}
