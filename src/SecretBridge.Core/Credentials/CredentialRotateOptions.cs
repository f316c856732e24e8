using System.Security.Cryptography;
using SecretBridge.Reporting;
using SecretBridge.Secrets;
using SecretBridge.Stores;

namespace SecretBridge.Credentials;

/// <summary>How to give credentials new secrets.</summary>
public sealed record CredentialRotateOptions
{
    /// <summary>Finds the stores that references mean.</summary>
    public required IStoreResolver Stores { get; init; }

    /// <summary>How many characters a new secret has.</summary>
    public int Length { get; init; } = 32;

    /// <summary>The characters of new secrets, each as likely as any other; letters and digits unless they are given.</summary>
    public string CharacterSet { get; init; } = GeneratedValue.LettersAndDigits;

    /// <summary>Whether to go on where the store keeps no history, so that the old secret is lost.</summary>
    public bool AllowLoss { get; init; }

    /// <summary>The file that remembers which credentials are rotated; null for none.</summary>
    public string? JournalPath { get; init; }

    /// <summary>Whether to go on where the journal ends, instead of beginning one.</summary>
    public bool Resume { get; init; }

    /// <summary>How many credentials may be under way.</summary>
    public int ThrottleLimit { get; init; } = 16;

    /// <summary>Fills a buffer with random bytes.</summary>
    public Action<byte[]> Random { get; init; } = bytes => RandomNumberGenerator.Fill(bytes);

    /// <summary>Where time comes from.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Stands between the journal and its file, so that a test can end the run at any byte.</summary>
    internal Func<FileStream, Stream>? WrapJournal { get; init; }

    /// <summary>Checks what can be checked before any request.</summary>
    /// <exception cref="BridgeException">An option cannot be right.</exception>
    public void Validate()
    {
        Rotation(null).Validate();
        if (Resume && JournalPath is null)
        {
            throw new BridgeException(FaultKind.InvalidArgument, nameof(Resume), "Resume needs the journal to go on with.");
        }
    }

    internal RotateOptions Rotation(Action<string, int?>? writing) => new()
    {
        Stores = Stores,
        Key = CredentialPath.SecretKey,
        Length = Length,
        CharacterSet = CharacterSet,
        AllowLoss = AllowLoss,
        ThrottleLimit = ThrottleLimit,
        Random = Random,
        Writing = writing,
    };
}
