using System.Runtime.CompilerServices;
using SecretBridge.Reporting;

namespace SecretBridge.Audit;

/// <summary>The lines of one file that hold something; what cannot be read is told in its place and does not end the others.</summary>
internal static class FaultyLines
{
    internal static IAsyncEnumerable<(TextLine Line, BridgeException? Fault)> ReadAsync(string file, CancellationToken cancellationToken) =>
        ReadAsync(OpenedFile.Open(file), cancellationToken);

    /// <summary>The lines of an opened file, which is closed at their end.</summary>
    internal static async IAsyncEnumerable<(TextLine Line, BridgeException? Fault)> ReadAsync(
        OpenedFile opened, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        (string file, Stream? stream, BridgeException? fault) = opened;
        if (stream is not null)
        {
            await using (stream.ConfigureAwait(false))
            {
                using IEnumerator<TextLine> lines = LineReader.Read(stream, file, LineReader.Longest, cancellationToken).GetEnumerator();
                while (fault is null)
                {
                    try
                    {
                        if (!lines.MoveNext())
                        {
                            break;
                        }
                    }
                    catch (BridgeException exception)
                    {
                        fault = exception;
                        break;
                    }

                    TextLine line = lines.Current;
                    if (line.IsTooLong)
                    {
                        yield return (line, new(FaultKind.PayloadTooLarge, file, FormattableString.Invariant(
                            $"{file}, line {line.Number}: it is longer than {LineReader.Longest >> 20} MiB and was not read.")));
                    }
                    else if (!line.Text.Span.Trim((ReadOnlySpan<byte>)" \r\t"u8).IsEmpty)
                    {
                        yield return (line, null);
                    }
                }
            }
        }

        if (fault is not null)
        {
            yield return (default, fault);
        }
    }
}
