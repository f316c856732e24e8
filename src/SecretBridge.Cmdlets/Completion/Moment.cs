using SecretBridge.Pipeline;
using SecretBridge.Reporting;

namespace SecretBridge.Completion;

/// <summary>Asks a server for what completes a word. A completer has no way to complain: not connected, not allowed and too slow all offer nothing.</summary>
internal static class Moment
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    internal static string[] Ask(Func<CancellationToken, Task<string[]>> ask)
    {
        string[] names = [];
        try
        {
            new PipelinePump().RunUntil(Task.Run(async () =>
            {
                using var patience = new CancellationTokenSource(Patience);
                names = await ask(patience.Token);
            }));
        }
        catch (Exception exception) when (exception is BridgeException or OperationCanceledException)
        {
            names = [];
        }

        return names;
    }
}
