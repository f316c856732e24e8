using System.Globalization;

namespace SecretBridge.Bench;

/// <summary>What to measure.</summary>
internal sealed record BenchOptions
{
    public int Secrets { get; private init; } = 4000;

    public int Folders { get; private init; } = 200;

    public int Rounds { get; private init; } = 3;

    public int Throttle { get; private init; } = 16;

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
                "--throttle" => options with { Throttle = Number(args[i + 1]) },
                "--output" => options with { Output = args[i + 1] },
                _ => throw new ArgumentException($"Unknown option {args[i]}."),
            };
        }

        return options;
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
