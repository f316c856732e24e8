using System.Globalization;

namespace SecretBridge.Bench;

/// <summary>What to measure.</summary>
internal sealed record BenchOptions
{
    public int Secrets { get; init; } = 4000;

    public int Folders { get; init; } = 200;

    public int Rounds { get; private init; } = 3;

    /// <summary>How many secrets may be under way; null to let it be found out.</summary>
    public int? Throttle { get; private init; }

    /// <summary>How long an audit log is to be, in MB.</summary>
    public int Megabytes { get; private init; } = 400;

    /// <summary>Whether to leave the peers out.</summary>
    public bool OursOnly { get; private init; }

    /// <summary>Whether to leave real servers out.</summary>
    public bool DevVaultOnly { get; private init; }

    /// <summary>Whether to leave DevVault out.</summary>
    public bool RealOnly { get; private init; }

    /// <summary>Whether real servers are asked through TLS.</summary>
    public bool Tls { get; private init; }

    /// <summary>How many copies one process makes where it is measured warm; 0 to leave that out.</summary>
    public int Warm { get; private init; } = 3;

    public string? Output { get; private init; }

    public static BenchOptions Parse(string[] args)
    {
        var options = new BenchOptions();
        for (int i = 0; i + 1 < args.Length; i += 2)
        {
            options = args[i] switch
            {
                "--secrets" => options with { Secrets = Number(args[i + 1]) },
                "--folders" => options with { Folders = Number(args[i + 1]) },
                "--rounds" => options with { Rounds = Number(args[i + 1]) },
                "--megabytes" => options with { Megabytes = Number(args[i + 1]) },
                "--throttle" => options with { Throttle = Number(args[i + 1]) },
                "--ours-only" => options with { OursOnly = bool.Parse(args[i + 1]) },
                "--devvault-only" => options with { DevVaultOnly = bool.Parse(args[i + 1]) },
                "--real-only" => options with { RealOnly = bool.Parse(args[i + 1]) },
                "--tls" => options with { Tls = bool.Parse(args[i + 1]) },
                "--warm" => options with { Warm = Number(args[i + 1]) },
                "--output" => options with { Output = args[i + 1] },
                _ => throw new ArgumentException($"Unknown option {args[i]}."),
            };
        }

        return options;
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
