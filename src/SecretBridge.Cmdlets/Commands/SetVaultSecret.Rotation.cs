using System.Management.Automation;
using SecretBridge.Secrets;

namespace SecretBridge.Commands;

public sealed partial class SetVaultSecret
{
    /// <summary>Writes a new generated value under one key; other keys stay, and the old value stays in the history.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Rotate")]
    public SwitchParameter Rotate { get; set; }

    /// <summary>The key to rotate where the reference names none; without it the primary one.</summary>
    [Parameter(ParameterSetName = "Rotate")]
    [ValidateNotNullOrEmpty]
    public string? Key { get; set; }

    /// <summary>How many characters the new value has.</summary>
    [Parameter(ParameterSetName = "Rotate")]
    public int Length { get; set; } = 32;

    /// <summary>The characters of the new value; letters and digits unless they are given.</summary>
    [Parameter(ParameterSetName = "Rotate")]
    [ValidateNotNullOrEmpty]
    public string CharacterSet { get; set; } = GeneratedValue.LettersAndDigits;

    /// <summary>Rotates also where the store keeps no history, so that the old value is lost.</summary>
    [Parameter(ParameterSetName = "Rotate")]
    public SwitchParameter Force { get; set; }

    private SecretRotate Rotation => new(new()
    {
        Stores = Backends.Stores(Backend),
        Key = Key,
        Length = Length,
        CharacterSet = CharacterSet,
        CheckAndSet = CheckAndSet,
        AllowPrecisionLoss = AllowPrecisionLoss,
        AllowLoss = Force,
    });
}
