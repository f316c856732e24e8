using SecretBridge.Contract;

const string Usage = """
    Runs the recorded exchanges against a development server that you have just started, and compares:

      dotnet run --project tests/contract/Recorder -- --live http://127.0.0.1:8200 --token TOKEN --list openbao-2.5 [--server dev] [--output FILE]

    --list    vault-1.8 or openbao-2.5
    --server  dev (default), or another of the list's: namespaces, additions; each wants a server of its own
    --output  where to write the exchanges as this server answers them, tokens left out
    """;

Dictionary<string, string> given = new(StringComparer.Ordinal);
for (int i = 0; i + 1 < args.Length; i += 2)
{
    given[args[i]] = args[i + 1];
}
if (!given.TryGetValue("--live", out string? live) || !given.TryGetValue("--token", out string? token))
{
    Console.Out.WriteLine(Usage);
    return 2;
}

string server = given.GetValueOrDefault("--server", "dev");
IEnumerable<Exchange> exchanges = ExchangeList.Load(given.GetValueOrDefault("--list", "openbao-2.5")).Where(exchange => exchange.Server == server);
var run = new LiveRun(new Uri(live), token, Console.Out);
if (!await run.IsFreshAsync(default).ConfigureAwait(false))
{
    Console.Error.WriteLine($"{live} is not a fresh development server: it has mounts or secrets of its own. Nothing was done.");
    return 2;
}
string file = given.GetValueOrDefault("--output", Path.Combine(Path.GetTempPath(), $"recorded-{server}.jsonl"));
await using var recording = new StreamWriter(file);
int different = await run.RunAsync(exchanges, recording, default).ConfigureAwait(false);
Console.Out.WriteLine($"{different} exchanges were answered otherwise than recorded. All answers: {file}");
return different == 0 ? 0 : 1;
