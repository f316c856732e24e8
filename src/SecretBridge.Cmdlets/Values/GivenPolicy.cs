using System.Management.Automation;
using SecretBridge.Health;
using SecretBridge.Policies;
using SecretBridge.Reporting;

namespace SecretBridge.Values;

/// <summary>The lines of a policy that was given: as New-VaultPolicy wrote it, as its text, or as the path of a file.</summary>
internal static class GivenPolicy
{
    /// <exception cref="BridgeException">It is no policy (<see cref="FaultKind.InvalidConfiguration"/>), or the file cannot be read.</exception>
    internal static IEnumerable<RequiredCapability> Read(PSObject given, Func<string, string> fullPath) => Lines(given, fullPath)
        .Select(line => new RequiredCapability(line.Path, line.Capabilities, line.Unchecked));

    private static IReadOnlyList<PolicyLine> Lines(PSObject given, Func<string, string> fullPath) => given.BaseObject switch
    {
        object[] many => many.SelectMany(each => Lines(PSObject.AsPSObject(each), fullPath)).ToArray(),
        VaultPolicy policy => PolicyText.Read(policy.Hcl, policy.Name),
        FileInfo file => File(file.FullName),
        string text when text.Contains('{', StringComparison.Ordinal) => PolicyText.Read(text, "Policy"),
        string text when string.IsNullOrWhiteSpace(text) => throw new BridgeException(FaultKind.InvalidArgument, "Policy", "The policy is empty: give its text, or the path of a file."),
        string path => File(fullPath(path)),
        _ when given.Properties[nameof(VaultPolicy.Hcl)]?.Value is string hcl => PolicyText.Read(hcl, "Policy"),
        var other => throw new BridgeException(FaultKind.InvalidArgument, "Policy", $"A {other.GetType().Name} is no policy: give what New-VaultPolicy wrote, the policy's text or the path of a file."),
    };

    private static IReadOnlyList<PolicyLine> File(string path)
    {
        try
        {
            return PolicyText.Read(System.IO.File.ReadAllText(path), path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new BridgeException(FaultKind.InvalidArgument, path, $"The policy '{path}' cannot be read: {exception.Message}", exception);
        }
    }
}
