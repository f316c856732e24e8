using System.Collections;
using System.Management.Automation;
using SecretBridge.Reporting;
using SecretBridge.Trees;

namespace SecretBridge.Pipeline;

/// <summary>Reads the rules of a path map from a hashtable, in its order, or from a file.</summary>
internal static class PathRules
{
    /// <param name="map">What -Map was given.</param>
    /// <param name="file">The full path of what -MapPath was given.</param>
    /// <param name="onPipeline">Runs a step on the pipeline thread: a script block belongs to its runspace.</param>
    /// <exception cref="BridgeException">A rule leads to nothing, their order matters and the map has none, or both a map and a file
    /// were given (<see cref="FaultKind.InvalidArgument"/>).</exception>
    internal static IReadOnlyList<MapRule> Of(IDictionary? map, string? file, Func<Func<string?>, Task<string?>> onPipeline)
    {
        if (file is not null)
        {
            return map is null ? Read(file) : throw new BridgeException(FaultKind.InvalidArgument, "MapPath", "Give either -Map or -MapPath.");
        }

        MapRule[] rules = map is null
            ? []
            : map.Cast<DictionaryEntry>().Select(entry => Rule(entry, onPipeline)).ToArray();

        // The first glob that matches wins. A plain hashtable gives its entries in another order in each process, so that a
        // run would not do what its plan said.
        return map is Hashtable && rules.Count(rule => PathRule.IsOrdered(rule.Source)) > 1
            ? throw new BridgeException(FaultKind.InvalidArgument, "Map",
                "-Map has several globs and no order, but the first that matches wins: write [ordered]@{ ... }.")
            : rules;
    }

    // A mistyped variable would lead to the destination's root.
    private static MapRule Rule(DictionaryEntry entry, Func<Func<string?>, Task<string?>> onPipeline)
    {
        string source = entry.Key.ToString() ?? "";
        return (entry.Value is PSObject wrapped ? wrapped.BaseObject : entry.Value) switch
        {
            null => throw new BridgeException(FaultKind.InvalidArgument, "Map", $"-Map leads '{source}' to $null; write '' where you mean the destination itself."),
            ScriptBlock script => new(source, "") { Transform = (path, _) => new(onPipeline(() => Ask(script, source, path))) },
            object destination => new(source, destination.ToString() ?? ""),
        };
    }

    private static string? Ask(ScriptBlock script, string source, string path)
    {
        try
        {
            object?[] answers = script.InvokeWithContext(null, [new PSVariable("_", path)]).Select(answer => answer?.BaseObject).ToArray();
            return answers switch
            {
                [] or [null] => null,
                [string target] => target,
                _ => throw new BridgeException(FaultKind.InvalidArgument, source,
                    $"The script of the map rule '{source}' must write one string, or nothing for a path that it is not for; for '{path}' it wrote something else."),
            };
        }
        catch (RuntimeException exception)
        {
            throw new BridgeException(FaultKind.InvalidArgument, source, $"The script of the map rule '{source}' failed for '{path}': {exception.Message}", exception);
        }
    }

    private static IReadOnlyList<MapRule> Read(string file)
    {
        try
        {
            return MapFile.Read(File.ReadAllBytes(file), file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new BridgeException(FaultKind.InvalidArgument, file, $"The map file '{file}' cannot be read: {exception.Message}", exception);
        }
    }
}
