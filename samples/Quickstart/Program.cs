using SecretBridge.Quickstart;
using SecretBridge.Reporting;

if (args is [ProfileJourney.Child])
{
    ProfileJourney.ShowVariables();
    return 0;
}

using var interrupted = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    interrupted.Cancel();
};

try
{
    await using Server server = await Server.StartAsync(args, interrupted.Token);
    var screen = new Screen(Screen.Open(Console.Out, Console.IsOutputRedirected));
    bool all = await new Journey(server, screen).RunAsync(interrupted.Token);
    return all ? 0 : 1;
}
catch (BridgeException exception)
{
    Console.Error.WriteLine($"{exception.Kind}: {exception.Message}");
    return 1;
}
catch (ArgumentException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 2;
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("Interrupted.");
    return 130;
}
