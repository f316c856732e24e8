# The same copy as a plain foreach loop over Invoke-RestMethod: list folder by folder, read, write.
param([string] $Source, [string] $Target)
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$headers = @{ 'X-Vault-Token' = $env:BENCH_TOKEN }

function Copy-Folder([string] $Source, [string] $Target, [string] $Folder) {
    foreach ($name in (Invoke-RestMethod "$env:BENCH_ADDR/v1/$Source/metadata/$($Folder)?list=true" -Headers $headers).data.keys) {
        if ($name.EndsWith('/')) {
            Copy-Folder -Source $Source -Target $Target -Folder "$Folder$name"
        }
        else {
            $secret = (Invoke-RestMethod "$env:BENCH_ADDR/v1/$Source/data/$Folder$name" -Headers $headers).data.data
            $body = @{ data = $secret } | ConvertTo-Json -Depth 50 -Compress
            Invoke-RestMethod "$env:BENCH_ADDR/v1/$Target/data/$Folder$name" -Method Post -Headers $headers -Body $body | Out-Null
        }
    }
}

Copy-Folder -Source $Source -Target $Target -Folder ''
