# Servers for the tests: DevVault from this repository, a `vault` on PATH, or the live server of SECRETBRIDGE_TEST_ADDR and
# SECRETBRIDGE_TEST_TOKEN. Never VAULT_ADDR. Each is started once a process and ends with it.

$script:Canary = 'canary-5b1f0c7e'

function Get-TestServer {
    <#
    .SYNOPSIS
        The servers to test on, as hashtables for -ForEach.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param()

    $servers = [AppDomain]::CurrentDomain.GetData('SecretBridge.TestServers')
    if (-not $servers) {
        $servers = @(
            Invoke-DevVault
            Invoke-Vault
            if ($env:SECRETBRIDGE_TEST_ADDR -and $env:SECRETBRIDGE_TEST_TOKEN) {
                @{ Name = 'live server'; Address = $env:SECRETBRIDGE_TEST_ADDR; Token = $env:SECRETBRIDGE_TEST_TOKEN }
            }
        )
        [AppDomain]::CurrentDomain.SetData('SecretBridge.TestServers', $servers)
    }

    $servers
}

function Get-AbsentTestServer {
    <#
    .SYNOPSIS
        The servers that would be tested on if they were there.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param()

    foreach ($name in 'DevVault', 'vault', 'live server') {
        if ($name -notin (Get-TestServer).Name) { @{ Name = $name } }
    }
}

function Import-TestModule {
    <#
    .SYNOPSIS
        Imports the module that the build has laid.
    #>
    [CmdletBinding()]
    param()

    Import-Module (Get-TestModulePath) -Global -ErrorAction Stop
}

function Get-TestModulePath {
    <#
    .SYNOPSIS
        Where the build has laid the module.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param()

    $path = Join-Path $PSScriptRoot '../../artifacts/module/SecretBridge/SecretBridge.psd1'
    if (-not (Test-Path $path)) { throw "There is no module at '$path'. Run ./build.ps1 Build first." }
    (Resolve-Path $path).Path
}

function Open-TestSession {
    <#
    .SYNOPSIS
        Connects to a server and makes two KV v2 mounts and a KV v1 mount of random names, the first with a small tree.
    #>
    [CmdletBinding()]
    [OutputType([pscustomobject])]
    param([Parameter(Mandatory)] [hashtable] $Server)

    Import-TestModule
    $tag = [guid]::NewGuid().ToString('n').Substring(0, 8)
    $session = [pscustomobject]@{
        Server = $Server
        Kv     = "sb-$tag"
        Other  = "sb-$tag-other"
        V1     = "sb-$tag-v1"
        Canary = $script:Canary
    }
    foreach ($mount in $session.Kv, $session.Other) {
        $null = Invoke-TestRequest $Server POST "sys/mounts/$mount" @{ type = 'kv'; options = @{ version = '2' } }
    }
    $null = Invoke-TestRequest $Server POST "sys/mounts/$($session.V1)" @{ type = 'kv'; options = @{ version = '1' } }
    Wait-TestMount $session
    $null = Invoke-TestRequest $Server POST "$($session.Kv)/data/apps/billing/db" @{ data = [ordered]@{ user = 'app'; password = $script:Canary; port = 5432; options = @{ tls = $true } } }
    $null = Invoke-TestRequest $Server POST "$($session.Kv)/data/apps/billing/api" @{ data = @{ key = "$($script:Canary)-api" } }
    $null = Invoke-TestRequest $Server POST "$($session.Kv)/data/apps/web" @{ data = @{ key = "$($script:Canary)-web" } }
    $null = Invoke-TestRequest $Server POST "$($session.Kv)/data/apps/gone" @{ data = @{ key = "$($script:Canary)-gone" } }
    $null = Invoke-TestRequest $Server DELETE "$($session.Kv)/data/apps/gone"
    $null = Connect-TestBackend $Server
    $session
}

function Close-TestSession {
    <#
    .SYNOPSIS
        Removes what Open-TestSession made.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] $Session)

    Get-VaultBackend | Disconnect-VaultBackend
    foreach ($mount in $Session.Kv, $Session.Other, $Session.V1) {
        $null = Invoke-TestRequest $Session.Server DELETE "sys/mounts/$mount"
    }
}

function Connect-TestBackend {
    <#
    .SYNOPSIS
        Connects with the server's token.
    #>
    [CmdletBinding()]
    [OutputType('SecretBridge.Stores.VaultBackend')]
    param([Parameter(Mandatory)] [hashtable] $Server, [string] $Name = 'default')

    Connect-VaultBackend $Server.Address -Token (ConvertTo-TestSecureString $Server.Token) -Name $Name
}

function ConvertTo-TestSecureString {
    <#
    .SYNOPSIS
        A secure string of a text that is no secret.
    #>
    [CmdletBinding()]
    [OutputType([securestring])]
    param([Parameter(Mandatory)] [string] $Text)

    $secure = [securestring]::new()
    foreach ($character in $Text.ToCharArray()) { $secure.AppendChar($character) }
    $secure
}

function Invoke-TestRequest {
    <#
    .SYNOPSIS
        Sends a request past the module under test.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [hashtable] $Server,
        [Parameter(Mandatory)] [string] $Method,
        [Parameter(Mandatory)] [string] $Path,
        [System.Collections.IDictionary] $Body
    )

    $request = @{
        CustomMethod = $Method
        Uri          = "$($Server.Address)/v1/$Path"
        Headers      = @{ 'X-Vault-Token' = $Server.Token; 'X-Vault-Request' = 'true' }
        ContentType  = 'application/json'
    }
    if ($Body) { $request.Body = $Body | ConvertTo-Json -Depth 9 -Compress }
    Invoke-RestMethod @request
}

# A new KV v2 mount is upgraded in the background and refuses writes for a moment.
function Wait-TestMount($Session) {
    foreach ($mount in $Session.Kv, $Session.Other) {
        foreach ($attempt in 1..100) {
            try {
                $null = Invoke-TestRequest $Session.Server POST "$mount/data/ready" @{ data = @{ attempt = $attempt } }
                $null = Invoke-TestRequest $Session.Server DELETE "$mount/metadata/ready"
                break
            }
            catch {
                if ($attempt -eq 100) { throw }
                Start-Sleep -Milliseconds 100
            }
        }
    }
}

function Get-TestScaiVault {
    <#
    .SYNOPSIS
        The stand-in for ScaiVault, emptied: its Address and Token. It is started once a process and ends with it.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param()

    $server = [AppDomain]::CurrentDomain.GetData('SecretBridge.TestScaiVault')
    if (-not $server) {
        $server = Invoke-DevVault '--scaivault'
        if (-not $server) { throw 'The stand-in for ScaiVault is not built. Run ./build.ps1 Build first.' }
        [AppDomain]::CurrentDomain.SetData('SecretBridge.TestScaiVault', $server)
    }

    $null = Invoke-RestMethod "$($server.Address)/devvault/reset" -Method Post
    $server
}

function Invoke-ScaiVaultControl {
    <#
    .SYNOPSIS
        Looks at the stand-in past the module under test, or plants something in it.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [hashtable] $Server, [string] $What = 'state', [System.Collections.IDictionary] $Body)

    $request = @{ Uri = "$($Server.Address)/devvault/$What" }
    if ($Body) { $request += @{ Method = 'Post'; ContentType = 'application/json'; Body = $Body | ConvertTo-Json -Depth 9 -Compress } }
    Invoke-RestMethod @request
}

function Invoke-DevVault([string[]] $More = @()) {
    $built = Get-ChildItem (Join-Path $PSScriptRoot '../SecretBridge.DevVault/bin') -Recurse -Filter SecretBridge.DevVault.dll -ErrorAction Ignore |
        Where-Object { Test-Path ($_.FullName -replace 'dll$', 'runtimeconfig.json') } |
        Sort-Object LastWriteTime | Select-Object -Last 1
    if (-not $built -or -not (Get-Command dotnet -CommandType Application -ErrorAction Ignore)) { return }

    $process = Invoke-Child dotnet (@($built.FullName, '--urls', 'http://127.0.0.1:0') + $More)
    $started = $process.StandardOutput.ReadLine() | ConvertFrom-Json
    @{ Name = 'DevVault'; Address = $started.address; Token = $started.token; Process = $process }
}

function Invoke-Vault {
    if ($IsWindows -or -not (Get-Command vault -CommandType Application -ErrorAction Ignore)) { return }

    $port = Get-FreePort
    $vaultHome = Join-Path ([IO.Path]::GetTempPath()) "secretbridge-$PID-$port"
    New-Item -ItemType Directory $vaultHome | Out-Null
    # The shell ends the server when this process ends, however it ends.
    $command = "HOME='$vaultHome' vault server -dev -dev-no-store-token -dev-root-token-id=root -dev-listen-address=127.0.0.1:$port >/dev/null 2>&1 & " +
        "server=`$!; cat >/dev/null; kill `$server; wait `$server; rm -rf '$vaultHome'"
    $process = Invoke-Child sh @('-c', $command)
    Import-TestModule
    if (-not (Test-VaultHealth "http://127.0.0.1:$port" -WaitSec 20 -Quiet)) { throw 'The vault dev server did not start.' }
    @{ Name = 'vault'; Address = "http://127.0.0.1:$port"; Token = 'root'; Process = $process }
}

function Invoke-Child($File, $Arguments) {
    $start = [Diagnostics.ProcessStartInfo]::new((Get-Command $File -CommandType Application | Select-Object -First 1).Source)
    foreach ($argument in $Arguments) { $start.ArgumentList.Add($argument) }
    $start.RedirectStandardInput = $true
    $start.RedirectStandardOutput = $true
    # What a user has set for a real server must not reach a test.
    foreach ($name in @($start.Environment.Keys) -match '^(VAULT|BAO)_') { $start.Environment.Remove($name) | Out-Null }
    [Diagnostics.Process]::Start($start)
}

# A dev server also takes the next port, for its cluster.
function Get-FreePort {
    foreach ($attempt in 1..50) {
        $port = Get-Random -Minimum 20000 -Maximum 32000
        $listeners = @()
        try {
            foreach ($candidate in $port, ($port + 1)) {
                $listener = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, $candidate)
                $listener.Start()
                $listeners += $listener
            }
            return $port
        }
        catch [Net.Sockets.SocketException] {
            Write-Debug "Attempt ${attempt}: $port is taken."
        }
        finally {
            foreach ($listener in $listeners) { $listener.Stop() }
        }
    }
    throw 'No free port was found.'
}

Export-ModuleMember -Function Get-TestServer, Get-AbsentTestServer, Import-TestModule, Get-TestModulePath, Open-TestSession, Close-TestSession, Connect-TestBackend, ConvertTo-TestSecureString, Invoke-TestRequest, Get-TestScaiVault, Invoke-ScaiVaultControl
