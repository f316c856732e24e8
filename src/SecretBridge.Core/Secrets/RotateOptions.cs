using System.Security.Cryptography;
using SecretBridge.Reporting;
using SecretBridge.Stores;

namespace SecretBridge.Secrets;

/// <summary>How to give secrets new values.</summary>
public sealed record RotateOptions
{
    /// <summary>Finds the stores that references mean.</summary>
    public required IStoreResolver Stores { get; init; }

    /// <summary>The key where a reference names none; null for the primary one.</summary>
    public string? Key { get; init; }

    /// <summary>How many characters a new value has.</summary>
    public int Length { get; init; } = 32;

    /// <summary>The characters of new values, each as likely as any other; letters and digits unless they are given.</summary>
    public string CharacterSet { get; init; } = GeneratedValue.LettersAndDigits;

    /// <summary>The version that must be current. Null takes the version just read.</summary>
    public int? CheckAndSet { get; init; }

    /// <summary>Whether the other keys may be written back with numbers that the server has rounded when it was read.</summary>
    public bool AllowPrecisionLoss { get; init; }

    /// <summary>Whether to go on where the store keeps no history, so that the old value is lost.</summary>
    public bool AllowLoss { get; init; }

    /// <summary>How many secrets may be under way.</summary>
    public int ThrottleLimit { get; init; } = 1;

    /// <summary>Is told of each secret right before it is written: its reference, and the version that will be replaced.</summary>
    internal Action<string, int?>? Writing { get; init; }

    /// <summary>Fills a buffer with random bytes.</summary>
    public Action<byte[]> Random { get; init; } = bytes => RandomNumberGenerator.Fill(bytes);

    /// <summary>Checks what can be checked before any request.</summary>
    /// <exception cref="BridgeException">An option cannot be right.</exception>
    public void Validate()
    {
        GeneratedValue.Check(Length, CharacterSet);
        BoundedPipe.CheckDegree(ThrottleLimit);
        if (CheckAndSet < 1)
        {
            throw new BridgeException(FaultKind.InvalidArgument, nameof(CheckAndSet), "CheckAndSet must be 1 or more: what was never written has no value to rotate.");
        }
    }
}
