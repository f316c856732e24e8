using System.Runtime.CompilerServices;
using SecretBridge.Reporting;

namespace SecretBridge.Audit;

/// <summary>The lines of one file, as many at once as were read; why it cannot be read is told in their place.</summary>
internal static class LogBlocks
{
    /// <param name="file">The file.</param>
    /// <param name="skip">How many bytes of it, unpacked, were read before.</param>
    /// <param name="cancellationToken">Ends reading.</param>
    internal static async IAsyncEnumerable<(LineBlock Block, BridgeException? Fault)> ReadAsync(
        string file, long skip, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        bool isEmpty = true;
        using OpenedFile opened = OpenedFile.Open(file);
        BridgeException? fault = opened.Fault;
        if (opened.Stream is { } stream)
        {
            IAsyncEnumerator<LineBlock> blocks = BlocksAsync(stream, file, skip, cancellationToken).GetAsyncEnumerator(cancellationToken);
            await using (blocks.ConfigureAwait(false))
            {
                while (true)
                {
                    try
                    {
                        if (!await blocks.MoveNextAsync().ConfigureAwait(false))
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

    private static async IAsyncEnumerable<LineBlock> BlocksAsync(Stream stream, string file, long skip, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await LineReader.SkipAsync(stream, file, skip, cancellationToken).ConfigureAwait(false);
        await foreach (LineBlock block in LineReader.ReadBlocksAsync(stream, file, cancellationToken).ConfigureAwait(false))
        {
            yield return block;
        }
    }
}
