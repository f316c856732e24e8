[Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseDeclaredVarsMoreThanAssignments', '', Justification = 'The blocks of Pester share them.')]
param()

BeforeDiscovery {
    Import-Module $PSScriptRoot/TestServer.psm1
}

Describe 'Get-VaultConsumer' {
    Context 'on a vault that was started here' -ForEach (Get-TestServer | Where-Object Name -EQ vault) {
        BeforeAll {
            $server = $_
            $session = Open-TestSession $server
            $kv, $other, $v1 = $session.Kv, $session.Other, $session.V1
            $log = Join-Path $TestDrive "$kv.log"
            $null = Invoke-TestRequest $server POST "sys/audit/$kv" @{ type = 'file'; options = @{ file_path = $log } }
            $began = [DateTimeOffset]::UtcNow
            $null = Invoke-TestRequest $server PUT "sys/policies/acl/$kv" @{ policy = "path `"$kv/data/apps/*`" { capabilities = [`"read`"] }" }
            $token = (Invoke-TestRequest $server POST auth/token/create @{ display_name = 'shop'; policies = @($kv) }).auth.client_token
            $app = @{ Address = $server.Address; Token = $token }
            1..3 | ForEach-Object { $null = Invoke-TestRequest $app GET "$kv/data/apps/web" }
            try { $null = Invoke-TestRequest $app GET "$kv/metadata/apps?list=true" } catch { $null = $_ }
            $null = Invoke-TestRequest $server GET "$kv/metadata/apps?list=true"
            $null = Invoke-TestRequest $server POST "$v1/old/x" @{ k = 'canary-5b1f0c7e-v1' }
            $null = Invoke-TestRequest $app GET "$kv/data/apps/billing/db"
        }

        AfterAll {
            $null = Invoke-TestRequest $server DELETE "sys/audit/$kv"
            $null = Invoke-TestRequest $server DELETE "sys/policies/acl/$kv"
            Close-TestSession $session
        }

        It 'names each identity with what it did, by the mount that the server tells' {
            $rows = Get-VaultConsumer "vault://$kv/apps" $log
            $shop = $rows | Where-Object DisplayName -EQ 'token-shop'
            $shop.Uri, $shop.Reads, $shop.Denied, $shop.Lists | Should -Be "vault://default@$kv/apps", 4, 1, 0
            $shop.Policy | Should -Be 'default', $kv
            $shop.RemoteAddress | Should -Be '127.0.0.1'
            $shop.FirstTime | Should -BeGreaterThan $began.AddMinutes(-1)
            $shop.LastTime | Should -Not -BeLessThan $shop.FirstTime
            ($rows | Where-Object DisplayName -NE 'token-shop').Lists | Should -Be 1
            (Get-VaultConsumer "vault://$kv/apps/web" $log).Reads | Should -Be 3
            (Get-VaultConsumer "vault://$v1/old" $log).Writes | Should -Be 1
            ($rows | Format-List * | Out-String) | Should -Not -Match 'hmac|canary'
            ($rows | Format-Table | Out-String) | Should -Match 'token-shop'
        }

        It 'groups by path and narrows by time' {
            (Get-VaultConsumer "vault://$kv/apps" $log -GroupBy Path | Where-Object Reads).Uri | Sort-Object |
                Should -Be "vault://default@$kv/apps/billing/db", "vault://default@$kv/apps/web"
            Get-VaultConsumer "vault://$kv/apps" $log -Since (Get-Date).AddMinutes(5) -WarningAction Ignore | Should -BeNullOrEmpty
        }

        It 'takes lines, files and folders' {
            (Get-Content $log | Get-VaultConsumer "vault://$kv/apps/web").Reads | Should -Be 3
            (Get-Item $log | Get-VaultConsumer "vault://$kv/apps/web").Reads | Should -Be 3
            $folder = Join-Path $TestDrive "$kv-logs"
            $null = New-Item -ItemType Directory $folder
            Copy-Item $log $folder
            (Get-VaultConsumer "vault://$kv/apps/web" $folder).Reads | Should -Be 3
        }

        It 'names its own requests apart by its trail' {
            $trail = Join-Path $TestDrive "$kv.jsonl"
            $shell = [powershell]::Create()
            $null = $shell.AddScript({
                    param($module, $address, $token, $trail, $uri)
                    Import-Module $module
                    Connect-VaultBackend $address -Token $token -AuditPath $trail | Out-Null
                    Get-VaultSecret $uri | Out-Null
                }.ToString())
            foreach ($argument in (Get-TestModulePath), $server.Address, (ConvertTo-TestSecureString $server.Token), $trail, "vault://$other/own") { $null = $shell.AddArgument($argument) }
            $null = Invoke-TestRequest $server POST "$other/data/own" @{ data = @{ k = 1 } }
            $null = $shell.Invoke()
            $shell.Dispose()
            $own = Get-VaultConsumer "vault://$other/own" $log -BridgeAudit $trail | Where-Object IsSecretBridge
            $own.Reads | Should -Be 1
            (Get-VaultConsumer "vault://$other/own" $log -BridgeAudit $trail -ExcludeSecretBridge).Reads | Should -Be 0
        }

        It 'waits for what comes and stops when nobody wants more' {
            # Each row is answered with one more request, which makes the next row.
            $rows = Get-VaultConsumer "vault://$kv/apps/web" $log -Wait |
                ForEach-Object { $null = Invoke-TestRequest $app GET "$kv/data/apps/web"; $_ } | Select-Object -First 4
            $rows[-1].Reads | Should -BeGreaterThan $rows[0].Reads
        }

        It 'lets Remove-VaultSubtree and Move-VaultSubtree take what nobody reads, and nothing that somebody does' {
            foreach ($name in 'retired', 'needed') {
                $null = Invoke-TestRequest $server POST "$kv/data/$name/x" @{ data = @{ k = 1 } }
                Copy-VaultSubtree "vault://$kv/$name" "vault://$other/$name" | Out-Null
            }
            $since = [DateTimeOffset]::UtcNow
            # Times in the log must pass what the run counts as its own.
            $null = Invoke-TestRequest @{ Address = $server.Address; Token = $token } GET "$kv/data/apps/web"
            $null = Invoke-TestRequest $server PUT "sys/policies/acl/$kv-2" @{ policy = "path `"$kv/data/needed/*`" { capabilities = [`"read`"] }" }
            $needs = (Invoke-TestRequest $server POST auth/token/create @{ display_name = 'needs'; policies = @("$kv-2") }).auth.client_token
            $null = Invoke-TestRequest @{ Address = $server.Address; Token = $needs } GET "$kv/data/needed/x"
            { Compare-SecretTree "vault://$kv/needed" "vault://$other/needed" -IncludeEqual | Remove-VaultSubtree -MaxDelete 1 -Confirm:$false -NotReadSince $since -AuditLog $log } |
                Should -Throw -ErrorId 'SecretBridge.RemovalRefused,*' -ExpectedMessage "*'token-needs'*Nothing was removed*"
            (Get-VaultSecret "vault://$kv/needed/x").State | Should -Be Live
            $results = Compare-SecretTree "vault://$kv/retired" "vault://$other/retired" -IncludeEqual | Remove-VaultSubtree -MaxDelete 1 -Confirm:$false -NotReadSince $since -AuditLog $log
            $results.Action | Should -Be Deleted
            { Remove-VaultSubtree "vault://$kv/needed" -Force -MaxDelete 1 -Confirm:$false -NotReadSince $since.AddYears(-1) -AuditLog $log -WarningAction Ignore } |
                Should -Throw -ErrorId 'SecretBridge.RemovalRefused,*'
            $move = @{ MaxDelete = 1; Confirm = $false; AuditLog = $log }
            { Move-VaultSubtree "vault://$kv/needed" "vault://$other/moved/needed" @move -NotReadSince $since } |
                Should -Throw -ErrorId 'SecretBridge.RemovalRefused,*' -ExpectedMessage "*'token-needs'*Nothing was copied either*"
            (Get-VaultSecret "vault://$other/moved/needed/x" -ErrorAction Ignore).State | Should -Be Absent
            $planned = Move-VaultSubtree "vault://$kv/needed" "vault://$other/moved/needed" @move -NotReadSince $since -WhatIf -WarningVariable warned -WarningAction SilentlyContinue
            $planned.Planned | Should -Be $true, $true
            "$warned" | Should -Match "'token-needs'"
            { Move-VaultSubtree "vault://$kv/needed" "vault://$other/moved/needed" @move } | Should -Throw -ErrorId 'SecretBridge.InvalidArgument,*' -ExpectedMessage '*-NotReadSince*'
            $null = Invoke-TestRequest $server POST "$kv/data/unread/x" @{ data = @{ k = 1 } }
            # What was written before the day does not count.
            $after = [DateTimeOffset]::UtcNow
            (Move-VaultSubtree "vault://$kv/unread" "vault://$other/moved/unread" @move -NotReadSince $after).Action | Should -Be Created, Deleted
            $null = Invoke-TestRequest $server DELETE "sys/policies/acl/$kv-2"
        }
    }

    Context 'without a server' {
        BeforeAll {
            Import-TestModule
            $log = Join-Path $TestDrive 'offline.log'
            '{"time":"2026-11-01T12:00:00.1Z","type":"response","auth":{"display_name":"approle","policies":["app"],"metadata":{"role_name":"web"}},"request":{"id":"b1d6cf2a-13b9-e596-efd8-ceacc3e4203f","operation":"read","namespace":{"id":"root"},"path":"team/kv/data/apps/web","remote_address":"10.0.0.7"},"response":{"mount_type":"kv"}}' |
                Set-Content $log
        }

        It 'needs no connection' {
            (Get-VaultConsumer vault://team/kv/apps $log).Role | Should -Be 'web'
            (Get-VaultConsumer vault://team/kv/apps $log -Mount team/kv -KvVersion 2).Reads | Should -Be 1
            Get-VaultConsumer vault://team/kv/apps $log -Mount team/kv -KvVersion 1 | Should -BeNullOrEmpty
        }

        It 'says what is missing' {
            { Get-VaultConsumer vault://kv/apps } | Should -Throw -ErrorId 'SecretBridge.InvalidArgument,*' -ExpectedMessage '*-AuditLog*'
            { Get-VaultConsumer vault://kv/apps ./none.log } | Should -Throw -ErrorId 'SecretBridge.InvalidArgument,*'
            { Get-VaultConsumer vault://kv/apps "$TestDrive/*.none" } | Should -Throw -ErrorId 'SecretBridge.InvalidArgument,*' -ExpectedMessage 'No file matches*'
            { 'x' | Get-VaultConsumer vault://kv/apps -Wait } | Should -Throw -ErrorId 'SecretBridge.InvalidArgument,*'
        }

        It 'warns where no rows would not mean that nobody asked' {
            $other = Join-Path $TestDrive 'other.txt'
            'no log' | Set-Content $other
            Get-VaultConsumer vault://team/kv/apps $other -WarningVariable told -WarningAction SilentlyContinue | Should -BeNullOrEmpty
            $told | Should -BeLike 'Nothing that was read is an entry*'
            Get-VaultConsumer vault://team/kv/apps $log -Since 2026-11-02 -WarningVariable told -WarningAction SilentlyContinue | Should -BeNullOrEmpty
            $told | Should -BeLike 'The log ends at*'
            Get-VaultConsumer vault://team/kv/apps $log -ExcludeSecretBridge -WarningVariable told -WarningAction SilentlyContinue | Should -HaveCount 1
            $told | Should -BeLike 'No audit trail*'
        }

        It 'shows who and what in 80 columns, however it is grouped' {
            $other = Join-Path $TestDrive 'policies.log'
            (Get-Content $log) -replace '"app"', '"app","default"' | Set-Content $other
            $table = Get-VaultConsumer vault://team/kv/apps $other | Out-String -Width 80
            $table | Should -Match 'Identity\s+Reads\s+Lists\s+Writes\s+Denied\s+LastTime\s+Path'
            $table | Should -Match '(?m)^approle role web\s+1\s+0\s+0\s+0 2026-11-01 12:00 team/kv/apps'
            (Get-Content $other) -replace 'b1d6cf2a', 'b1d6cf2b' -replace 'approle', 'token' -replace '"web"\}', '"job"}' -replace '10\.0\.0\.7', '10.0.0.8' |
                Add-Content $other
            Get-VaultConsumer vault://team/kv/apps $other -GroupBy Path | Out-String -Width 80 | Should -Match '(?m)^10\.0\.0\.7, 10\.0\.0\.8?\s+2'
            Get-VaultConsumer vault://team/kv/apps $other -GroupBy Policy | Out-String -Width 80 | Should -Match '(?m)^\(default\)\s+2'
        }

        It 'says which line is no entry and reads on' {
            Add-Content $log '{"time":"2026-11-01T12:00:01Z","request":{"path":"team/kv/data/apps/web","remo'
            $rows = Get-VaultConsumer vault://team/kv/apps $log -ErrorVariable failed -ErrorAction SilentlyContinue
            $rows.Reads | Should -Be 1
            "$failed" | Should -BeLike '*line 2*'
        }
    }
}
