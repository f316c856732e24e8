using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Values;

/// <summary>Reads a secret from a JSON file.</summary>
internal static class JsonFile
{
    /// <exception cref="BridgeException">The file cannot be read, or holds something else.</exception>
    internal static SecretPayload Read(string path)
    {
        try
        {
            return SecretPayload.Parse(File.ReadAllBytes(path), path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new BridgeException(FaultKind.InvalidArgument, path, $"The file '{path}' cannot be read: {exception.Message}", exception);
        }
    }
}
