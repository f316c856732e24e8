<#
.SYNOPSIS
    Adds up what the jobs of a migration left behind. The exit code is 0 only where every shard is there, arrived and is equal.
.EXAMPLE
    ./Confirm-Migration.ps1 -Path migration
#>
[CmdletBinding()]
param([string] $Path = 'migration')

$ErrorActionPreference = 'Stop'
Import-Module SecretBridge

function Get-Summary([string] $Folder, [string] $Kind) {
    Get-ChildItem $Folder -Recurse -Filter "*.$Kind.json" | ForEach-Object { Get-Content $_.FullName -Raw | ConvertFrom-Json }
}

$copied = Get-Summary -Folder $Path -Kind copied | Merge-TreeSummary
$compared = Get-Summary -Folder $Path -Kind compared | Merge-TreeSummary
$copied, $compared | Format-List | Out-String | Write-Information -InformationAction Continue
if (-not ($copied.Succeeded -and $compared.IsClean)) { exit 1 }
