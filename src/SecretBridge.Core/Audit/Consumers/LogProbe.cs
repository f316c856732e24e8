using SecretBridge.Stores;
using SecretBridge.Wire;

namespace SecretBridge.Audit.Consumers;

/// <summary>
/// Makes a request to a server and looks for its id in a log: only the live log of that server has it. It also tells the
/// server's time, which token in the log is the one in hand, and where the server takes its requests.
/// </summary>
/// <param name="Time">When the log says that it was.</param>
/// <param name="HashedToken">The token, as the log hashes it; empty where the log leaves it out.</param>
/// <param name="Namespace">The namespace in which the server took the request, as it names it itself; empty for the root.</param>
internal sealed record LogProbe(DateTimeOffset Time, byte[] HashedToken, string Namespace)
{
    /// <summary>Makes the request. Any right to the mount is enough for it, and it changes nothing.</summary>
    /// <returns>The server's id of it; null where it gives none.</returns>
    internal static async Task<string?> AskAsync(StoreLocation location, CancellationToken cancellationToken)
    {
        ISecretStore store = location.Store;
        while (store is IStoreDecorator decorator)
        {
            store = decorator.Inner;
        }

        if (store is not IConnectedStore connected)
        {
            return null;
        }

        VaultReply reply = await connected.Connection.Client.SendAsync(SysRequests.Preflight(location.Store.Root.Path.Value), cancellationToken).ConfigureAwait(false);
        return reply.RequestId is { Length: > 0 } id ? id : null;
    }

    /// <summary>Looks for a request, until the log has it or patience is at its end.</summary>
    /// <returns>What the log says of it; null where it does not have it.</returns>
    internal static async Task<LogProbe?> FindAsync(RetirementOptions options, string id, CancellationToken cancellationToken)
    {
        var filter = new LineFilter([id]);
        var wanted = RequestKey.Of(id);
        long start = options.Time.GetTimestamp();
        var log = new LiveLog(options.Logs, TimeSpan.FromMilliseconds(250), options.Time);
        await foreach (LogStep step in log.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            if (step.IsEndForNow && options.Time.GetElapsedTime(start) >= options.Patience)
            {
                return null;
            }

            if (step is { IsEndForNow: false, Fault: null, Block.IsTooLong: false } && In(step.Block, filter, wanted) is { } probe)
            {
                return probe;
            }
        }

        return null;
    }

    private static LogProbe? In(LineBlock block, LineFilter filter, RequestKey wanted)
    {
        foreach (LineFilter.Line line in filter.Lines(block.Text.Span))
        {
            if (VaultLogEntry.TryRead(line.Text, since: null, out VaultLogEntry entry)
                && entry.IsResponse && entry.Time is { } time && !entry.Id.IsEmpty && RequestKey.Of(entry.Id.Raw) == wanted)
            {
                return new(time, entry.ClientToken.Raw.ToArray(), entry.Namespace.ToString() ?? "");
            }
        }

        return null;
    }
}
