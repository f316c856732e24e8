using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SecretBridge.Stores.Sealed;

/// <summary>The names, bounds and sums of version 1 of the format. docs/sealed-file.md describes it for other readers.</summary>
internal static class SealedFileFormat
{
    internal const string Name = "secretbridge-sealed-file/";
    internal const string FirstLine = Name + "1";
    internal const string LastLine = "end";

    internal const int KeyLength = 32;
    internal const int SumLength = 12;

    /// <summary>The most that the first three lines may take together.</summary>
    internal const int MostHead = 4096;
    internal const int MostFile = 256 * 1024 * 1024;
    internal const int MostPayload = 16 * 1024 * 1024;

    /// <summary>What tells accidental damage of a line, without a key: 16 characters of base64.</summary>
    internal static string Sum(ReadOnlySpan<byte> text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(text, hash);
        return Convert.ToBase64String(hash[..SumLength]);
    }

    internal static bool HasSum(ReadOnlySpan<byte> text, ReadOnlySpan<byte> sum) => Encoding.ASCII.GetBytes(Sum(text)).AsSpan().SequenceEqual(sum);

    /// <summary>What the wrapping of the data key is bound to.</summary>
    internal static byte[] KeyBinding(string id, long generation) =>
        Encoding.UTF8.GetBytes(FormattableString.Invariant($"{FirstLine}\nkey\n{id}\n{generation}"));

    /// <summary>What a sealed part of an entry is bound to: this header, its kind, and its place or name.</summary>
    internal static byte[] PartBinding(string kind, ReadOnlySpan<byte> headerHash, string which)
    {
        byte[] prefix = Encoding.UTF8.GetBytes($"{FirstLine}\n{kind}\n");
        return [.. prefix, .. headerHash, .. Encoding.UTF8.GetBytes(which)];
    }

    /// <summary>Checks the line by which a file tells what it is, and of which version.</summary>
    /// <param name="line">The line, without its end.</param>
    /// <param name="name">What stands before the version, which must be 1.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="Reporting.BridgeException">It is another kind of file, or too new.</exception>
    internal static void CheckFirst(ReadOnlySpan<byte> line, string name, string path)
    {
        string text = Encoding.Latin1.GetString(line);
        if (text == name + "1")
        {
            return;
        }

        throw text.StartsWith(name, StringComparison.Ordinal)
            && int.TryParse(text.AsSpan(name.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int version) && version > 1
                ? SealedFileFault.TooNew(path, version.ToString(CultureInfo.InvariantCulture))
                : SealedFileFault.Damaged(path, $"it does not begin with '{name}1'");
    }

    internal static byte[]? TryDecode(ReadOnlySpan<byte> base64)
    {
        byte[] bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(base64.Length)];
        return Base64.DecodeFromUtf8(base64, bytes, out _, out int length) == System.Buffers.OperationStatus.Done ? bytes[..length] : null;
    }
}
