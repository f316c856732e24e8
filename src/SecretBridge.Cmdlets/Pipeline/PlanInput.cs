using System.Management.Automation;
using System.Text;
using SecretBridge.Reporting;
using SecretBridge.Trees;

namespace SecretBridge.Pipeline;

/// <summary>Reads a plan from what was given: the object itself, what was read back of one, or a file's path.</summary>
internal static class PlanInput
{
    /// <exception cref="BridgeException">It is no plan (<see cref="FaultKind.InvalidConfiguration"/>), or the file cannot be read.</exception>
    internal static CopyPlan Read(PSObject given, Func<string, string> fullPath, CommandInvocationIntrinsics commands) => given.BaseObject switch
    {
        CopyPlan plan => plan,
        string path => ReadFile(fullPath(path)),
        FileInfo file => ReadFile(file.FullName),

        _ => CopyPlan.Read(Encoding.UTF8.GetBytes(PlainJson.Of(given, commands)), "Plan"),
    };

    private static CopyPlan ReadFile(string path)
    {
        try
        {
            return CopyPlan.Read(File.ReadAllBytes(path), path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new BridgeException(FaultKind.InvalidArgument, path, $"The plan '{path}' cannot be read: {exception.Message}", exception);
        }
    }
}
