namespace SecretBridge.Bench;

/// <summary>A tool that copies one mount to another.</summary>
/// <param name="Name">What it is called in reports.</param>
/// <param name="Program">The program to start.</param>
/// <param name="Arguments">Its arguments for a source and a target mount.</param>
internal sealed record Peer(string Name, string Program, Func<string, string, string[]> Arguments)
{
    /// <summary>Starts what is two commands.</summary>
    public const string Shell = "/bin/sh";

    /// <summary>Ours, with the throttle that is found out, or with a fixed one.</summary>
    public static Peer Ours(int? throttle = null, bool verify = false) => new(
        "SecretBridge" + (throttle is null ? "" : $", throttle {throttle}") + (verify ? ", -Verify" : ""),
        Environment.ProcessPath!,
        (source, target) => ["copy", source, target, $"{throttle ?? 0}", $"{verify}"]);

    /// <summary>The same requests by .NET's own handler, and nothing around them.</summary>
    public static Peer Floor() => new("HttpClient floor, 16 loops", Environment.ProcessPath!, (source, target) => ["floor", source, target, "1"]);

    /// <summary>The peers that this machine has: loops as anybody writes them, and tools on PATH. How they are called is theirs; whether
    /// the result is right is told beside each.</summary>
    public static async Task<IReadOnlyList<Peer>> OnThisMachineAsync(BenchServer server)
    {
        var peers = new List<Peer>();
        string? python = new[] { "/usr/bin/python3", BenchServer.Find("python3") }.FirstOrDefault(File.Exists);
        if (python is not null && (await Measured.RunAsync(server, python, "-c", "import hvac")).ExitCode == 0)
        {
            peers.Add(new("hvac, sequential loop", python, (source, target) => [Script("hvac_copy.py"), source, target]));
        }

        if (BenchServer.Find("pwsh") is { } pwsh)
        {
            peers.Add(new("Invoke-RestMethod, foreach loop", pwsh, (source, target) => ["-NoProfile", "-File", Script("restmethod_copy.ps1"), source, target]));
        }

        // It copies folders only: of a mount nothing arrives, and it says nothing.
        AddTool("vsh", (source, target) => ["-c", $"cp {source}/tree/ {target}/tree/"]);
        AddTool("vaku", (source, target) => ["folder", "copy", source, target]);
        AddTool("safe", (source, target) => ["copy", "--recurse", "--force", source, target]);
        if (BenchServer.Find("medusa") is not null)
        {
            peers.Add(new("medusa", Shell, (source, target) => ["-c", $"f=$(mktemp) && medusa export {source} > $f && medusa import {target} $f; e=$?; rm -f $f; exit $e"]));
        }

        if (BenchServer.Find("vkv") is not null)
        {
            // A mount that is there already is refused unless forced, and values past a length are cut.
            peers.Add(new("vkv", Shell, (source, target) => ["-c", $"vkv export -p {source} --show-values --max-value-length=-1 -f json | vkv import - -p {target} --force"]));
        }

        return peers;

        void AddTool(string name, Func<string, string, string[]> arguments)
        {
            if (BenchServer.Find(name) is { } program)
            {
                peers.Add(new(name, program, arguments));
            }
        }
    }

    private static string Script(string name) => Path.Combine(AppContext.BaseDirectory, "peers", name);
}
