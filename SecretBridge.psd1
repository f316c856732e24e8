@{
    ModuleVersion          = '0.1.0'
    GUID                   = '0d2f7a3e-6f1c-4a52-9d1e-7f1f5f0c8b41'
    Author                 = 'SecretBridge contributors'
    CompanyName            = 'SecretBridge'
    Copyright              = '(c) SecretBridge contributors. MIT licence.'
    Description            = 'Copies, compares and checks HashiCorp Vault and OpenBao secret trees, and proves that nothing was lost.'
    PowerShellVersion      = '7.4'
    CompatiblePSEditions   = @('Core')
    NestedModules          = @('SecretBridge.Loader.dll')
    RootModule             = 'SecretBridge.Cmdlets.dll'
    FormatsToProcess       = @('SecretBridge.Format.ps1xml')
    FunctionsToExport      = @()
    CmdletsToExport        = @(
        'Get-SealedProfile'
        'Connect-VaultBackend'
        'Copy-VaultSubtree'
        'Compare-SecretTree'
        'Test-VaultHealth'
        'Connect-SealedStore'
        'Disconnect-SealedStore'
        'Update-SealedProfileKey'
        'Get-VaultBackend'
        'Update-VaultBackend'
        'Disconnect-VaultBackend'
        'Get-VaultMount'
        'Get-VaultSubtree'
        'Move-VaultSubtree'
        'Remove-VaultSubtree'
        'Merge-TreeSummary'
        'Export-SecretSnapshot'
        'Import-SecretSnapshot'
        'Get-VaultSecret'
        'Set-VaultSecret'
        'Remove-VaultSecret'
        'Restore-VaultSecret'
        'Set-SealedProfile'
        'Remove-SealedProfile'
        'Copy-SealedProfile'
        'Test-SealedProfile'
        'Invoke-SealedProfile'
        'Test-VaultSecret'
        'Get-AgentCredential'
        'Set-AgentCredential'
        'Update-AgentCredential'
        'Test-AgentCredential'
        'Remove-AgentCredential'
        'Resolve-SecretReference'
        'Update-SecretReference'
        'Get-BridgeAuditEvent'
    )
    VariablesToExport      = @()
    AliasesToExport        = @()
    PrivateData            = @{
        PSData = @{
            Tags         = @('Vault', 'OpenBao', 'Secrets', 'Migration', 'Security', 'PSEdition_Core', 'Windows', 'Linux', 'MacOS')
            ReleaseNotes = 'See CHANGELOG.md.'
        }
    }
}
