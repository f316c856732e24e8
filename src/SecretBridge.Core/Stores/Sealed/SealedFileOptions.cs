using SecretBridge.Reporting;

namespace SecretBridge.Stores.Sealed;

/// <summary>How a sealed file is opened.</summary>
public sealed record SealedFileOptions
{
    /// <summary>The file; links are followed.</summary>
    public required string Path { get; init; }

    /// <summary>What opens it.</summary>
    public required SealedFileCredential Credential { get; init; }

    /// <summary>Makes the file, and its folder, where there is none.</summary>
    public bool Create { get; init; }

    /// <summary>The PBKDF2 rounds of a file that is made, or gets another passphrase; from 220,000 to 10,000,000.</summary>
    public int Iterations { get; init; } = SealedKdf.LeastIterations;

    /// <summary>How long a change waits for another process to finish its own.</summary>
    public TimeSpan LockTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A number from 0 to 1 for each wait, so that two who wait do not meet again.</summary>
    internal Func<double> Jitter { get; init; } = Random.Shared.NextDouble;

    /// <summary>Called before each step of a save. Only tests give one: they fail or die there.</summary>
    internal Action<SaveStep> BeforeStep { get; init; } = _ => { };

    /// <summary>Checks the options.</summary>
    /// <exception cref="BridgeException">One cannot be right.</exception>
    public void Validate()
    {
        if (string.IsNullOrWhiteSpace(Path))
        {
            throw new BridgeException(FaultKind.InvalidArgument, nameof(Path), "The path of the sealed file is empty.");
        }

        if (Iterations is < SealedKdf.LeastIterations or > SealedKdf.MostIterations)
        {
            throw new BridgeException(FaultKind.InvalidArgument, nameof(Iterations),
                $"Iterations must be from {SealedKdf.LeastIterations} to {SealedKdf.MostIterations}.");
        }

        if (LockTimeout < TimeSpan.Zero || LockTimeout > TimeSpan.FromDays(1))
        {
            throw new BridgeException(FaultKind.InvalidArgument, nameof(LockTimeout), "LockTimeout must be from 0 to one day.");
        }
    }
}
