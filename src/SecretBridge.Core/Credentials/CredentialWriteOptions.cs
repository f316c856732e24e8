using System.Security.Cryptography;
using SecretBridge.Secrets;
using SecretBridge.Stores;

namespace SecretBridge.Credentials;

/// <summary>How to write credentials.</summary>
public sealed record CredentialWriteOptions
{
    /// <summary>Finds the stores that references mean.</summary>
    public required IStoreResolver Stores { get; init; }

    /// <summary>How many characters a generated secret has.</summary>
    public int Length { get; init; } = 32;

    /// <summary>The characters of generated secrets; letters and digits unless they are given.</summary>
    public string CharacterSet { get; init; } = GeneratedValue.LettersAndDigits;

    /// <summary>The version that must be current, 0 for a credential never written. Null takes the version just read.</summary>
    public int? CheckAndSet { get; init; }

    /// <summary>Fills a buffer with random bytes.</summary>
    public Action<byte[]> Random { get; init; } = bytes => RandomNumberGenerator.Fill(bytes);

    /// <summary>Checks what can be checked before any request.</summary>
    /// <exception cref="Reporting.BridgeException">An option cannot be right.</exception>
    public void Validate()
    {
        GeneratedValue.Check(Length, CharacterSet);
        Write.Validate();
    }

    internal WriteOptions Write => new() { Stores = Stores, CheckAndSet = CheckAndSet, Merge = CheckAndSet is null or > 0 };
}
