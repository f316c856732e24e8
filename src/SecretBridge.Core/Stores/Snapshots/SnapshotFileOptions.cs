using SecretBridge.Reporting;
using SecretBridge.Stores.Sealed;

namespace SecretBridge.Stores.Snapshots;

/// <summary>The file of a snapshot, and what opens it.</summary>
public sealed record SnapshotFileOptions
{
    /// <summary>The file; links are followed.</summary>
    public required string Path { get; init; }

    /// <summary>What opens it.</summary>
    public required SealedFileCredential Credential { get; init; }

    /// <summary>Whether a new one may take the place of a file that is there.</summary>
    public bool Overwrite { get; init; }

    /// <summary>The PBKDF2 rounds of a new one; from 220,000 to 10,000,000.</summary>
    public int Iterations { get; init; } = SealedKdf.LeastIterations;

    /// <summary>What a frame of several secrets is filled up to. Only tests give another number.</summary>
    internal int FrameSize { get; init; } = SnapshotFormat.UsualFrame;

    /// <summary>Checks the options.</summary>
    /// <exception cref="BridgeException">One cannot be right (<see cref="FaultKind.InvalidArgument"/>).</exception>
    public void Validate()
    {
        if (string.IsNullOrWhiteSpace(Path))
        {
            throw new BridgeException(FaultKind.InvalidArgument, nameof(Path), "The path of the snapshot is empty.");
        }

        if (Iterations is < SealedKdf.LeastIterations or > SealedKdf.MostIterations)
        {
            throw new BridgeException(FaultKind.InvalidArgument, nameof(Iterations),
                $"Iterations must be from {SealedKdf.LeastIterations} to {SealedKdf.MostIterations}.");
        }
    }
}
