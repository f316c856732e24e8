using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using SecretBridge.Reporting;

namespace SecretBridge.Profiles;

/// <summary>
/// Runs an executable with exactly the variables given. Its output comes line by line; when it is cancelled, or nobody takes its lines any
/// more, it is killed with all that it started.
/// </summary>
internal sealed class ChildProcess(
    string file, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment, string? workingDirectory)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    internal required Func<string, Task> Output { get; init; }

    internal required Func<string, Task> Error { get; init; }

    internal IReadOnlyList<string> Input { get; init; } = [];

    /// <returns>The exit code; on Unix 128 and the signal where one ended it.</returns>
    /// <exception cref="BridgeException">It cannot be started.</exception>
    internal async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using Process process = Start();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task[] pumps =
        [
            GuardAsync(PumpAsync(process.StandardOutput, Output, stop.Token), stop),
            GuardAsync(PumpAsync(process.StandardError, Error, stop.Token), stop),
            FeedAsync(process.StandardInput, stop.Token),
        ];
        try
        {
            await process.WaitForExitAsync(stop.Token).ConfigureAwait(false);

            // What the process started may hold its output open; all that it wrote itself is there by now or comes with the end.
            await Task.WhenAll(pumps).ConfigureAwait(false);
            return process.ExitCode;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // A pump failed, which is the reason that counts.
            await Task.WhenAll(pumps).ConfigureAwait(false);
            throw;
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            Kill(process);

            // What has left the process tree may hold the output open for ever; it is not waited for.
            await Task.WhenAll(pumps).WaitAsync(Patience, TimeProvider.System, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private Process Start()
    {
        var start = new ProcessStartInfo(file)
        {
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = Utf8,
            StandardOutputEncoding = Utf8,
            StandardErrorEncoding = Utf8,
            WorkingDirectory = workingDirectory ?? "",
        };
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment.Clear();
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        try
        {
            return Process.Start(start)!;
        }
        catch (Exception exception) when (exception is Win32Exception or InvalidOperationException or DirectoryNotFoundException)
        {
            // No inner exception: its text repeats what it was started with.
            throw new BridgeException(FaultKind.InvalidArgument, "Command", exception is Win32Exception { NativeErrorCode: var code }
                ? $"'{file}' cannot be started: the system says {code} ({new Win32Exception(code).Message})."
                : $"'{file}' cannot be started.");
        }
    }

    private static async Task PumpAsync(StreamReader from, Func<string, Task> take, CancellationToken cancellationToken)
    {
        while (await from.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
        {
            await take(line).ConfigureAwait(false);
        }
    }

    private static async Task GuardAsync(Task pump, CancellationTokenSource stop)
    {
        try
        {
            await pump.ConfigureAwait(false);
        }
        catch
        {
            await stop.CancelAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task FeedAsync(StreamWriter into, CancellationToken cancellationToken)
    {
        try
        {
            foreach (string line in Input)
            {
                await into.WriteLineAsync(line.AsMemory(), cancellationToken).ConfigureAwait(false);
            }

            into.Close();
        }
        catch (IOException)
        {
            // It wanted no more input, or ended.
        }
    }

    private static void Kill(Process process)
    {
        try
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
        catch (Exception exception) when (exception is InvalidOperationException or Win32Exception or NotSupportedException or AggregateException)
        {
            // It ended in between, or what it started has no right to be ended by us.
        }
    }
}
