<#
.SYNOPSIS
    Builds, tests, documents and packs SecretBridge.
.DESCRIPTION
    Each step is one call: Build and the dotnet tests need the .NET SDK, the rest of Test needs Pester 5 and
    PSScriptAnalyzer, Docs needs Microsoft.PowerShell.PlatyPS. What is missing is said plainly.
.EXAMPLE
    ./build.ps1 Build, Test
#>
[CmdletBinding()]
param(
    [Parameter(Position = 0)]
    [ValidateSet('Build', 'Test', 'Docs', 'Package')]
    [string[]] $Step = 'Build',

    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = 'Release'
)

$ErrorActionPreference = 'Stop'
Set-StrictMode -Version Latest
$module = Join-Path $PSScriptRoot 'artifacts/module/SecretBridge'

function Assert-Module($Name, [version] $Version) {
    if (-not (Get-Module $Name -ListAvailable | Where-Object Version -ge $Version)) {
        throw "This step needs $Name $Version or later. Install-PSResource $Name"
    }
}

function Invoke-Native($Command, [string[]] $Arguments) {
    if (-not (Get-Command $Command -CommandType Application -ErrorAction Ignore)) { throw "This step needs '$Command' on PATH." }
    & $Command @Arguments
    if ($LASTEXITCODE -ne 0) { throw "$Command $($Arguments -join ' ') ended with $LASTEXITCODE." }
}

function Invoke-Build($Configuration) {
    Invoke-Native dotnet build, (Join-Path $PSScriptRoot 'SecretBridge.sln'), --configuration, $Configuration
}

function Invoke-Test($Configuration) {
    Invoke-Native dotnet test, (Join-Path $PSScriptRoot 'SecretBridge.sln'), --configuration, $Configuration
    Assert-Module Pester 5.5.0
    Assert-Module PSScriptAnalyzer 1.22.0
    Invoke-Analysis
    $run = New-PesterConfiguration
    $run.Run.Path = Join-Path $PSScriptRoot 'tests/pester'
    $run.Run.Throw = $true
    Invoke-Pester -Configuration $run
}

function Invoke-Analysis {
    # The manifest is looked at where its files are: in the module that the build has laid.
    $scripts = @(Get-ChildItem $PSScriptRoot -Recurse -Include *.ps1, *.psm1 | Where-Object FullName -notmatch '[\\/](artifacts|bin|obj)[\\/]')
    $findings = $scripts + (Get-Item (Join-Path $module 'SecretBridge.psd1')) | ForEach-Object { Invoke-ScriptAnalyzer $_.FullName -Settings (Join-Path $PSScriptRoot 'PSScriptAnalyzerSettings.psd1') }
    $findings | Format-Table RuleName, ScriptName, Line, Message -Wrap
    if ($findings) { throw "PSScriptAnalyzer found $(@($findings).Count) flaws." }
}

function Invoke-Help {
    Assert-Module Microsoft.PowerShell.PlatyPS 1.0.0
    $help = Join-Path $PSScriptRoot 'module/en-US'
    $built = Join-Path $PSScriptRoot 'artifacts/help'
    Measure-PlatyPSMarkdown -Path (Join-Path $PSScriptRoot 'docs/en-US/*.md') |
        Where-Object Filetype -match CommandHelp |
        Import-MarkdownCommandHelp -Path { $_.FilePath } |
        Export-MamlCommandHelp -OutputFolder $built -Force | Out-Null
    New-Item -ItemType Directory $help -Force | Out-Null
    foreach ($file in Get-ChildItem (Join-Path $built 'SecretBridge') -Filter *-Help.xml) {
        # Code fences are for the web; in a terminal they are noise.
        (Get-Content $file -Raw) -replace '```(powershell)?\r?\n?' | Set-Content (Join-Path $help $file.Name) -NoNewline
    }
    Get-ChildItem (Join-Path $PSScriptRoot 'docs/en-US') -Filter about_*.md |
        ForEach-Object { Copy-Item $_.FullName (Join-Path $help "$($_.BaseName).help.txt") }
}

function Invoke-Package {
    if (-not (Test-Path $module)) { throw "There is no module to pack. Run ./build.ps1 Build first." }
    $version = (Import-PowerShellDataFile (Join-Path $module 'SecretBridge.psd1')).ModuleVersion
    $package = Join-Path $PSScriptRoot "artifacts/SecretBridge-$version.zip"
    Remove-Item $package -ErrorAction Ignore
    [IO.Compression.ZipFile]::CreateFromDirectory($module, $package, [IO.Compression.CompressionLevel]::Optimal, $true)
    $package
}

switch ($Step) {
    'Build' { Invoke-Build $Configuration }
    'Test' { Invoke-Test $Configuration }
    'Docs' { Invoke-Help }
    'Package' { Invoke-Package }
}
