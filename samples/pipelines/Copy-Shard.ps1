<#
.SYNOPSIS
    Copies one shard of a tree from one server to another, proves it, and leaves summaries for Confirm-Migration.ps1.
.DESCRIPTION
    The tokens are in SOURCE_VAULT_TOKEN and DESTINATION_VAULT_TOKEN. Run again with the same -OutputPath, it goes on where it
    was stopped. The exit code is 0 only where everything of the shard arrived and is equal.
.EXAMPLE
    ./Copy-Shard.ps1 -SourceAddress https://old:8200 -DestinationAddress https://new:8200 -Source kv/apps -Destination kv/apps -Shard 3/8
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [string] $SourceAddress,
    [Parameter(Mandatory)] [string] $DestinationAddress,
    [Parameter(Mandatory)] [string] $Source,
    [Parameter(Mandatory)] [string] $Destination,
    [string] $Shard = '1/1',
    [string] $OutputPath = 'migration',
    [double] $RateLimit = 1000
)

$ErrorActionPreference = 'Stop'
Import-Module SecretBridge

function Get-Token([string] $Name) {
    $token = [securestring]::new()
    foreach ($character in [Environment]::GetEnvironmentVariable($Name).ToCharArray()) { $token.AppendChar($character) }
    $token
}

$null = Connect-VaultBackend $SourceAddress -Name source -Token (Get-Token SOURCE_VAULT_TOKEN)
$null = Connect-VaultBackend $DestinationAddress -Name destination -Token (Get-Token DESTINATION_VAULT_TOKEN)
$from, $to = "vault://source@$Source", "vault://destination@$Destination"
$name = $Shard -replace '/', '-of-'
$null = New-Item -ItemType Directory $OutputPath -Force
$control = @{ Shard = $Shard; RateLimit = $RateLimit; LogPath = Join-Path $OutputPath "$name.log"; Summary = $true; ErrorAction = 'Continue' }

# One secret that fails must not keep the others back: the summaries tell whether all is well.
$copied = Copy-VaultSubtree $from $to -JournalPath (Join-Path $OutputPath "$name.journal") -Resume -Verify @control
$copied | ConvertTo-Json | Set-Content (Join-Path $OutputPath "$name.copied.json")
$compared = Compare-SecretTree $from $to @control
$compared | ConvertTo-Json | Set-Content (Join-Path $OutputPath "$name.compared.json")
$copied, $compared | Format-List | Out-String | Write-Information -InformationAction Continue
if (-not ($copied.Succeeded -and $compared.IsClean)) { exit 1 }
