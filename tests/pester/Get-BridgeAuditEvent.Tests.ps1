BeforeDiscovery {
    Import-Module $PSScriptRoot/TestServer.psm1
}

Describe 'Get-BridgeAuditEvent' {
    Context 'on <Name>' -ForEach (Get-TestServer) {
        BeforeAll {
            $server = $_
            $session = Open-TestSession $server
            $kv, $other, $canary = $session.Kv, $session.Other, $session.Canary
            $trail = Join-Path $TestDrive "$kv.jsonl"
            $log = Join-Path $TestDrive "$kv.log"
            # OpenBao, as DevVault is here, makes no audit device by its API, and a live server's are not touched.
            $logged = $server.Name -eq 'vault'
            if ($logged) {
                $null = Invoke-TestRequest $server POST "sys/audit/$kv" @{ type = 'file'; options = @{ file_path = $log } }
                $null = Invoke-TestRequest $server POST 'sys/config/auditing/request-headers/X-Correlation-Id' @{ hmac = $false }
            }
            # A runspace of its own keeps the trail: that of the tests has none.
            $shell = [powershell]::Create()
            $run = {
                param($module, $address, $token, $trail, $kv, $other)
                Import-Module $module
                $b = Connect-VaultBackend $address -Token $token -AuditPath $trail
                Get-VaultSecret "vault://$kv/apps/web" | Out-Null
                Get-VaultSecret "vault://$kv/apps/none" -ErrorAction Ignore | Out-Null
                Copy-VaultSubtree "vault://$kv/apps/billing" "vault://$other/audited" -Verify -ErrorAction Ignore | Out-Null
                Set-VaultSecret "vault://$other/audited/new" -Data @{ k = 'canary-5b1f0c7e-new' }
                Remove-VaultSecret "vault://$other/audited/new" -AllVersions -Confirm:$false | Out-Null
                # The connection itself keeps the trail in another runspace.
                1 | ForEach-Object -Parallel { Import-Module $using:module; Get-VaultSecret "vault://$using:kv/apps/billing/db" -Backend $using:b } | Out-Null
                (Get-BridgeAuditEvent).Count
            }
            $null = $shell.AddScript($run.ToString())
            foreach ($argument in (Get-TestModulePath), $server.Address, (ConvertTo-TestSecureString $server.Token), $trail, $kv, $other) { $null = $shell.AddArgument($argument) }
            $count, $failures = $shell.Invoke()[-1], $shell.Streams.Error
            $shell.Dispose()
        }

        AfterAll {
            if ($logged) {
                $null = Invoke-TestRequest $server DELETE "sys/audit/$kv"
                $null = Invoke-TestRequest $server DELETE 'sys/config/auditing/request-headers/X-Correlation-Id'
            }
            Close-TestSession $session
        }

        It 'reads what was done, in its order, and no value' {
            $failures | Should -BeNullOrEmpty
            $rows = Get-BridgeAuditEvent $trail
            $rows.Count | Should -Be $count
            $rows[0].Action | Should -Be 'secret.decrypted'
            $rows[0].Uri | Should -Be "vault://default@$kv/apps/web"
            ($rows.Action | Group-Object | Sort-Object Name | ForEach-Object { "$($_.Name) $($_.Count)" }) |
                Should -Be 'copy.finished 1', 'copy.started 1', 'secret.decrypted 6', 'secret.removed 1', 'secret.written 3'
            $end = $rows | Where-Object Action -EQ copy.finished
            $end.Details['created'], $end.Details['verified'], $end.Details['outcome'] | Should -Be '2', '2', 'whole'
            $rows.Actor | Should -Not -Contain $null
            Get-Content $trail -Raw | Should -Not -BeLike "*$canary*"
            ($rows | Format-List * | Out-String) | Should -Not -BeLike "*$canary*"
        }

        It 'names one login in all its events: of reads, of what the cache gave, of copies and of runs' {
            $teller = (Invoke-TestRequest $server POST auth/token/create @{ display_name = 'teller'; ttl = '10m' }).auth.client_token
            $own = Join-Path $TestDrive "$kv-own.jsonl"
            $shell = [powershell]::Create()
            $null = $shell.AddScript({
                    param($module, $address, $token, $own, $kv, $other)
                    Import-Module $module
                    $null = Connect-VaultBackend $address -Token $token -AuditPath $own
                    $null = Set-SealedProfile job -Uri "vault://$other/profiles" -Env @{ A = 'b' }
                    1..2 | ForEach-Object { Resolve-SecretReference "vault://$kv/apps/web#key" | Out-Null }
                    Copy-VaultSubtree "vault://$kv/apps/billing" "vault://$other/told" | Out-Null
                    Invoke-SealedProfile "vault://$other/profiles/job" { } | Out-Null
                }.ToString())
            foreach ($argument in (Get-TestModulePath), $server.Address, (ConvertTo-TestSecureString $teller), $own, $kv, $other) { $null = $shell.AddArgument($argument) }
            $null = $shell.Invoke()
            $shell.Streams.Error | Should -BeNullOrEmpty
            $shell.Dispose()
            $rows = Get-BridgeAuditEvent $own
            'copy.started', 'profile.used', 'secret.decrypted', 'secret.written' | ForEach-Object { $rows.Action | Should -Contain $_ }
            $rows | Where-Object { $_.Details['source'] -eq 'cache' } | Should -Not -BeNullOrEmpty
            $rows.Actor | Sort-Object -Unique | Should -Be 'token-teller'
        }

        It 'narrows by action, reference, time and actor' {
            (Get-BridgeAuditEvent $trail -Action secret.w*).Count | Should -Be 3
            (Get-BridgeAuditEvent $trail -Uri "vault://$kv/apps/billing" -Action secret.*).Uri | Sort-Object -Unique |
                Should -Be "vault://default@$kv/apps/billing/api", "vault://default@$kv/apps/billing/db"
            Get-BridgeAuditEvent $trail -Since (Get-Date).AddMinutes(1) | Should -BeNullOrEmpty
            (Get-BridgeAuditEvent $trail -Until (Get-Date).AddMinutes(1)).Count | Should -Be $count
            Get-BridgeAuditEvent $trail -Actor nobody-at-all | Should -BeNullOrEmpty
        }

        It 'finds events in the log of the server, by request and by correlation id' {
            if (-not $logged) { Set-ItResult -Skipped -Because 'only a vault that was started here gets an audit device'; return }
            $rows = Get-BridgeAuditEvent $trail -Action secret.* -VaultAuditLog $log -WarningVariable warned
            $warned | Should -BeNullOrEmpty
            $rows | Where-Object { -not $_.VaultEntry } | Should -BeNullOrEmpty
            $removed = $rows | Where-Object Action -EQ secret.removed
            $removed.MatchedBy | Should -Be 'CorrelationId'
            $removed.VaultEntry.Path | Should -Be "$other/metadata/audited/new"
            ($rows | Where-Object Action -EQ secret.decrypted)[0].VaultEntry.Operation | Should -Be 'read'
            ($rows | ConvertTo-Json -Depth 4) | Should -Not -BeLike "*$canary*"
        }

        It 'gives no value where its event cannot be written' {
            if ($IsWindows) { Set-ItResult -Skipped -Because 'Windows has other rights'; return }
            $open = Join-Path $TestDrive "$kv-open.jsonl"
            Set-Content $open ''
            chmod 644 $open
            $saved = $env:SECRETBRIDGE_AUDIT
            try {
                $env:SECRETBRIDGE_AUDIT = $open
                $secret = Get-VaultSecret "vault://$kv/apps/web" -ErrorVariable failed -ErrorAction SilentlyContinue
                $secret.Data | Should -BeNullOrEmpty
                $failed[0].FullyQualifiedErrorId | Should -BeLike 'SecretBridge.AuditFailed,*'
                chmod 600 $open
                (Get-VaultSecret "vault://$kv/apps/web").State | Should -Be 'Live'
                (Get-BridgeAuditEvent -Uri "vault://$kv/apps/web" -ErrorAction Ignore).Action | Should -Be 'secret.decrypted'
            }
            finally {
                $env:SECRETBRIDGE_AUDIT = $saved
            }
        }
    }

    Context 'without a server' {
        BeforeAll { Import-TestModule }

        It 'says that no trail is on' {
            { Get-BridgeAuditEvent } | Should -Throw -ErrorId 'SecretBridge.InvalidArgument,*' -ExpectedMessage '*-Path*'
        }

        It 'says which line is none and reads on' {
            $trail = Join-Path $TestDrive 'broken.jsonl'
            '{"time":"2026-01-01T00:00:00Z","action":"secret.written","reference":"vault://kv/a","details":{}}', '{"time":', '{"time":"2026-01-01T00:00:01Z","action":"secret.removed","reference":"vault://kv/a","details":{}}' |
                Set-Content $trail
            $rows = Get-BridgeAuditEvent $trail -ErrorVariable failed -ErrorAction SilentlyContinue
            $rows.Action | Should -Be 'secret.written', 'secret.removed'
            $failed.Count | Should -Be 1
            "$failed" | Should -BeLike '*line 2*'
        }

        It 'ends with the first row that is wanted' {
            $trail = Join-Path $TestDrive 'long.jsonl'
            1..2000 | ForEach-Object { '{"time":"2026-01-01T00:00:00Z","action":"a","reference":"vault://kv/' + $_ + '"}' } | Set-Content $trail
            (Get-BridgeAuditEvent $trail | Select-Object -First 1).Uri | Should -Be 'vault://kv/1'
        }
    }
}
