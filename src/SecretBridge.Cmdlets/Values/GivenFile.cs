using SecretBridge.Profiles;
using SecretBridge.Reporting;

namespace SecretBridge.Values;

/// <summary>Reads a file that describes a profile.</summary>
internal static class GivenFile
{
    /// <summary>Makes a change of what a file holds.</summary>
    internal delegate ProfileEdit Reader(ReadOnlySpan<byte> content, string path);

    /// <exception cref="BridgeException">The file cannot be read, or holds something else.</exception>
    internal static ProfileEdit Read(string path, Reader read)
    {
        try
        {
            return read(File.ReadAllBytes(path), path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new BridgeException(FaultKind.InvalidArgument, path, $"The file '{path}' cannot be read: {exception.Message}", exception);
        }
    }
}
