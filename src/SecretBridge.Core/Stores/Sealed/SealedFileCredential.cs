using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security;
using System.Security.Cryptography;
using System.Text;
using SecretBridge.Reporting;

namespace SecretBridge.Stores.Sealed;

/// <summary>What a sealed file is opened with. A store takes what it needs once and does not keep this.</summary>
[DebuggerDisplay("(sealed)")]
public sealed class SealedFileCredential
{
    private const int LeastKeyFileLength = 32;
    private const int MostKeyFileLength = 64 * 1024;

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private readonly SecureString? _passphrase;
    private readonly string? _keyFile;

    private SealedFileCredential(SecureString? passphrase, string? keyFile)
    {
        _passphrase = passphrase;
        _keyFile = keyFile;
    }

    /// <summary>Which of the two it is.</summary>
    public SealedKeyKind Kind => _passphrase is null ? SealedKeyKind.KeyFile : SealedKeyKind.Passphrase;

    /// <summary>A passphrase. It counts character by character: nothing is trimmed or normalised.</summary>
    /// <exception cref="BridgeException">It is empty.</exception>
    public static SealedFileCredential FromPassphrase(SecureString passphrase)
    {
        ArgumentNullException.ThrowIfNull(passphrase);
        return passphrase.Length == 0
            ? throw new BridgeException(FaultKind.InvalidArgument, "Passphrase", "The passphrase is empty.")
            : new(passphrase, null);
    }

    /// <summary>A key file of 32 bytes to 64 KiB, all of which count. It is read when a store is opened.</summary>
    public static SealedFileCredential FromKeyFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new(null, System.IO.Path.GetFullPath(path));
    }

    /// <summary>Always <c>(sealed)</c>.</summary>
    public override string ToString() => SealedValue.Mask;

    /// <summary>The bytes that keys are derived from; the caller clears them.</summary>
    internal byte[] Material() => _keyFile is null ? PassphraseBytes() : KeyFileBytes(_keyFile);

    private byte[] PassphraseBytes()
    {
        char[] characters = new char[_passphrase!.Length];
        IntPtr unmanaged = Marshal.SecureStringToGlobalAllocUnicode(_passphrase);
        try
        {
            Marshal.Copy(unmanaged, characters, 0, characters.Length);
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetBytes(characters);
        }
        catch (EncoderFallbackException)
        {
            throw new BridgeException(FaultKind.InvalidArgument, "Passphrase", "The passphrase holds half of a surrogate pair.");
        }
        finally
        {
            Marshal.ZeroFreeGlobalAllocUnicode(unmanaged);
            CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(characters.AsSpan()));
        }
    }

    private static byte[] KeyFileBytes(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            SealedFilePlace.CheckMode(stream, path, "key file");
            if (!stream.CanSeek)
            {
                throw new BridgeException(FaultKind.InvalidArgument, path, $"The key file '{path}' is a pipe or a device; a key file is a file.");
            }

            if (stream.Length is < LeastKeyFileLength or > MostKeyFileLength)
            {
                throw new BridgeException(FaultKind.InvalidArgument, path,
                    $"The key file '{path}' has {stream.Length} bytes; a key file has from {LeastKeyFileLength} to {MostKeyFileLength}.");
            }

            byte[] bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new BridgeException(FaultKind.InvalidArgument, path, $"The key file '{path}' cannot be read: {exception.Message}", exception);
        }
    }
}
