using System.Management.Automation;
using SecretBridge.Backends;
using SecretBridge.Completion;
using SecretBridge.Routes;
using SecretBridge.Values;

namespace SecretBridge.Pipeline;

/// <summary>A cmdlet that edits routes which are in a file. All that the pipeline names is one edit: readers see all of it or nothing.</summary>
public abstract class RouteCmdlet : AsyncCmdlet
{
    private readonly List<string> _patterns = [];

    private protected RouteCmdlet()
    {
    }

    /// <summary>The patterns of the routes, as they are written in the file. Rows of Get-SecretRoute count as theirs.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ArgumentCompleter(typeof(RouteCompleter))]
    [ValidateNotNullOrEmpty]
    [ReferenceText(Property = nameof(Pattern))]
    public string[] Pattern { get; set; } = [];

    /// <summary>The route file; else that of SECRETBRIDGE_ROUTES.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => _patterns.AddRange(Pattern);

    /// <inheritdoc/>
    protected override void EndProcessing() => Run(() =>
    {
        RouteFile before = RouteFile.Load(RouteUse.Need(Path is null ? null : GetUnresolvedProviderPathFromPSPath(Path))), after = before;
        var changed = new List<string>();
        foreach (string pattern in _patterns.Distinct(StringComparer.Ordinal))
        {
            RouteFile next = Edit(after, pattern);
            string what = Words(after.Routes[after.IndexOf(pattern)], next);
            if (Ask($"{what} in {before.Path}", $"{what} in {before.Path}?") == Answer.Yes)
            {
                after = next;
                changed.Add(pattern);
            }
        }

        after.Save();
        Written(after, changed);
    });

    /// <summary>The file after the edit of one route.</summary>
    private protected abstract RouteFile Edit(RouteFile file, string pattern);

    /// <summary>What the edit of a route does, in words.</summary>
    private protected abstract string Words(SecretRoute route, RouteFile next);

    /// <summary>Writes rows, once the file is saved.</summary>
    private protected virtual void Written(RouteFile file, IReadOnlyList<string> changed)
    {
    }
}
