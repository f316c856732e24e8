using System.Reflection;
using System.Text.RegularExpressions;

namespace SecretBridge.Tests;

/// <summary>The files of the repository that a shape is held against.</summary>
internal static partial class Repository
{
    public static string Root { get; } = typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(metadata => metadata.Key == "RepositoryRoot").Value!;

    public static string Manifest => Read("SecretBridge.psd1");

    /// <summary>The cmdlets that the manifest exports, in its order.</summary>
    public static string[] Exported =>
        Quoted().Matches(CmdletList().Match(Manifest).Value).Select(match => match.Groups[1].Value).ToArray();

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    public static string[] Names(string folder, string pattern) =>
        Directory.GetFiles(Path.Combine(Root, folder), pattern).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal).ToArray();

    [GeneratedRegex(@"CmdletsToExport\s*=\s*@\([^)]*\)")]
    private static partial Regex CmdletList();

    [GeneratedRegex("'([^']+)'")]
    private static partial Regex Quoted();
}
