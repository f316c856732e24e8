using System.Text;
using SecretBridge.Reporting;

namespace SecretBridge.References;

/// <summary>A text file with its encoding. What is not changed comes back byte by byte.</summary>
internal sealed class TextFile
{
    private static readonly Encoding[] Marked = [new UTF8Encoding(true, true), new UnicodeEncoding(false, true, true), new UnicodeEncoding(true, true, true)];

    private readonly Encoding _encoding;
    private readonly int _preamble;

    private TextFile(string path, byte[] bytes, Encoding encoding, int preamble)
    {
        Path = path;
        Bytes = bytes;
        _encoding = encoding;
        _preamble = preamble;
        Text = encoding.GetString(bytes, preamble, bytes.Length - preamble);
    }

    public string Path { get; }

    public byte[] Bytes { get; }

    public string Text { get; }

    /// <exception cref="BridgeException">It cannot be read (<see cref="FaultKind.InvalidArgument"/>), is too large or no text
    /// (<see cref="FaultKind.InvalidConfiguration"/>).</exception>
    public static async Task<TextFile> ReadAsync(string path, long largest, CancellationToken cancellationToken)
    {
        byte[] bytes;
        try
        {
            if (Directory.Exists(path))
            {
                throw new BridgeException(FaultKind.InvalidArgument, path, $"'{path}' is a folder; name files, or pipe them from Get-ChildItem -File.");
            }

            if (new FileInfo(path).Length > largest)
            {
                throw new BridgeException(FaultKind.InvalidConfiguration, path, $"'{path}' is larger than {largest >> 20} MiB, which no configuration file is. It was not looked at.");
            }

            bytes = await File.ReadAllBytesAsync(path, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new BridgeException(FaultKind.InvalidArgument, path, $"The file '{path}' cannot be read: {exception.Message}", exception);
        }

        Encoding? marked = Array.Find(Marked, encoding => bytes.AsSpan().StartsWith(encoding.Preamble));
        try
        {
            var file = new TextFile(path, bytes, marked ?? new UTF8Encoding(false, true), marked?.Preamble.Length ?? 0);
            return file.Text.Contains('\0', StringComparison.Ordinal) ? throw NotText(path) : file;
        }
        catch (DecoderFallbackException)
        {
            // Its own message repeats bytes of the file.
            throw NotText(path);
        }
    }

    /// <summary>The bytes of another text in the same encoding.</summary>
    public byte[] Encode(string text) => [.. Bytes.AsSpan(0, _preamble), .. _encoding.GetBytes(text)];

    private static BridgeException NotText(string path) =>
        new(FaultKind.InvalidConfiguration, path, $"'{path}' is no text in UTF-8, or in UTF-16 with a byte order mark. Nothing in it was rewritten.");
}
