using SecretBridge.Reporting;

namespace SecretBridge.Audit;

/// <summary>The lines of one file, as many at once as were read; why it cannot be read is told in their place.</summary>
internal static class LogBlocks
{
    /// <param name="file">The file.</param>
    /// <param name="skip">How many bytes of it, unpacked, were read before.</param>
    /// <param name="cancellationToken">Ends reading.</param>
    internal static IEnumerable<(LineBlock Block, BridgeException? Fault)> Read(string file, long skip, CancellationToken cancellationToken)
    {
        bool isEmpty = true;
        using OpenedFile opened = OpenedFile.Open(file);
        BridgeException? fault = opened.Fault;
        if (opened.Stream is { } stream)
        {
            using IEnumerator<LineBlock> blocks = Blocks(stream, file, skip, cancellationToken).GetEnumerator();
            while (true)
            {
                try
                {
                    if (!blocks.MoveNext())
                    {
                        break;
                    }
                }
                catch (BridgeException exception)
                {
                    fault = exception;
                    break;
                }

                isEmpty = false;
                yield return (blocks.Current, null);
            }
        }

        if (fault is null && isEmpty && skip == 0 && LineReader.IsPacked(file) && LineReader.IsCutOff(file))
        {
            fault = new(FaultKind.InvalidArgument, file, $"The file '{file}' was cut off before its first line: packing it did not come to its end.");
        }

        if (fault is not null)
        {
            yield return (default, fault);
        }
    }

    private static IEnumerable<LineBlock> Blocks(Stream stream, string file, long skip, CancellationToken cancellationToken)
    {
        LineReader.Skip(stream, file, skip, cancellationToken);
        foreach (LineBlock block in LineReader.ReadBlocks(stream, file, cancellationToken))
        {
            yield return block;
        }
    }
}
