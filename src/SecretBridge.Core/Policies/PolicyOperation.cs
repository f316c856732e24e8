namespace SecretBridge.Policies;

/// <summary>What a policy is to allow.</summary>
public enum PolicyOperation
{
    /// <summary>Copying a subtree, or doing what a plan says: Copy-VaultSubtree, Import-SecretSnapshot.</summary>
    Copy = 0,

    /// <summary>Comparing two subtrees: Compare-SecretTree.</summary>
    Compare,

    /// <summary>Moving a subtree: Move-VaultSubtree.</summary>
    Move,

    /// <summary>Removing a subtree: Remove-VaultSubtree.</summary>
    Remove,

    /// <summary>Telling the names of a subtree: Get-VaultSubtree.</summary>
    List,

    /// <summary>Reading secrets: Get-VaultSecret, Resolve-SecretReference, Test-VaultSecret.</summary>
    Read,

    /// <summary>Writing secrets: Set-VaultSecret.</summary>
    Write,

    /// <summary>Giving secrets a new value: Set-VaultSecret -Rotate.</summary>
    Rotate,

    /// <summary>Removing single secrets: Remove-VaultSecret.</summary>
    Delete,

    /// <summary>Restoring deleted versions: Restore-VaultSecret.</summary>
    Restore,

    /// <summary>Reading a profile with what its references lead to: Get-SealedProfile, Invoke-SealedProfile.</summary>
    Profile,

    /// <summary>Checking a connection: Test-VaultHealth, with -Path where a reference is given.</summary>
    Health,

    /// <summary>Making a snapshot: Export-SecretSnapshot.</summary>
    Snapshot,
}
