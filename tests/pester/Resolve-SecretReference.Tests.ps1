BeforeDiscovery {
    Import-Module $PSScriptRoot/TestServer.psm1
}

Describe 'Resolve-SecretReference' {
    Context 'on <Name>' -ForEach (Get-TestServer) {
        BeforeAll {
            $session = Open-TestSession $_
            $kv, $other, $v1, $canary = $session.Kv, $session.Other, $session.V1, $session.Canary
            Set-VaultSecret "vault://$other/one" @{ user = 'app'; value = (ConvertTo-TestSecureString $canary) } | Out-Null
            Set-VaultSecret "vault://$other/7/db" @{ apiKey = 'seven' } | Out-Null
            Set-VaultSecret "vault://$other/8/db" @{ apiKey = 'eight' } | Out-Null
            Set-VaultSecret "vault://$v1/data/7/db" @{ token = 'old' } | Out-Null
        }

        AfterAll { Close-TestSession $session }

        It 'gives the primary value sealed, and when it is due' {
            $row = Resolve-SecretReference "vault://$other/one"
            $row.GetType().Name | Should -Be ResolvedSecret
            $row.Uri | Should -Be "vault://default@$other/one"
            $row.Key | Should -Be value
            "$($row.Value)" | Should -Be '(sealed)'
            $row.Value.Reveal() | Should -Be $canary
            ($row.RefreshAt - $row.ResolvedAt).TotalMinutes | Should -BeGreaterThan 59
            $row.RequestId | Should -Not -BeNullOrEmpty
            $row.Stale | Should -BeFalse
        }

        It 'takes it from memory the next time, and reads anew on request and after a write' {
            $uri = "vault://$other/cached"
            Set-VaultSecret $uri @{ value = 1 } | Out-Null
            (Resolve-SecretReference $uri).FromCache | Should -BeFalse
            Invoke-TestRequest $session.Server POST "$other/data/cached" @{ data = @{ value = 2 } } | Out-Null
            $row = Resolve-SecretReference $uri
            $row.FromCache | Should -BeTrue
            $row.Value.Reveal() | Should -Be 1
            Resolve-SecretReference $uri -NoCache -AsPlainText | Should -Be 2
            Resolve-SecretReference $uri -AsPlainText | Should -Be 1
            Set-VaultSecret $uri @{ value = 3 } | Out-Null
            Resolve-SecretReference $uri -AsPlainText | Should -Be 3
        }

        It 'opens what it finds as it is asked to' {
            $uri = "vault://$other/one"
            Resolve-SecretReference $uri -AsPlainText | Should -Be $canary
            Resolve-SecretReference $uri -AsSecureString | Should -BeOfType securestring
            (Resolve-SecretReference $uri -AsHashtable).value | Should -BeOfType SecretBridge.Stores.SealedValue
            Resolve-SecretReference "$uri#user" -AsPlainText | Should -Be app
            Resolve-SecretReference $uri -Key user -AsPlainText | Should -Be app
            $all = Resolve-SecretReference "vault://$kv/apps/billing/db" -AsPlainText
            $all.password | Should -Be $canary
            $all.port | Should -Be 5432
            { Resolve-SecretReference $uri -AsPlainText -AsHashtable } | Should -Throw -ErrorId 'SecretBridge.InvalidArgument,*'
            { Resolve-SecretReference $uri -NoCache -AllowStale } | Should -Throw -ErrorId 'SecretBridge.InvalidArgument,*'
        }

        It 'fills templates from hashtables and objects, and knows the data segment of version 2' {
            Resolve-SecretReference -Template '{mount}/data/{orgId}/{kind}' -Value @{ mount = $other; orgId = 7; kind = 'db' } -AsPlainText | Should -Be seven
            7, 8 | ForEach-Object { [pscustomobject]@{ OrgId = $_; kind = 'db' } } | Resolve-SecretReference -Template "$other/data/{orgId}/{kind}" -AsPlainText | Should -Be seven, eight
            Resolve-SecretReference -Template '{mount}/data/{orgId}/{kind}' -Value @{ mount = $v1; orgId = '7'; kind = 'db' } -AsPlainText | Should -Be old
        }

        It 'refuses a value that is missing, a secret or leads elsewhere, and goes on with the others' {
            { Resolve-SecretReference -Template '{mount}/{x}' -Value @{ mount = $other } } | Should -Throw -ErrorId 'SecretBridge.InvalidArgument,*' -ExpectedMessage '*{x}*'
            { Resolve-SecretReference -Template '{mount}/{x}' -Value @{ mount = $other; x = '../y' } } | Should -Throw -ErrorId 'SecretBridge.InvalidArgument,*'
            { Resolve-SecretReference -Template '{mount}/{x}' -Value @{ mount = $other; x = (ConvertTo-TestSecureString x) } } | Should -Throw -ErrorId 'SecretBridge.InvalidArgument,*'
            { Resolve-SecretReference -Template '{mount' -Value @{ mount = $other } } | Should -Throw -ErrorId 'SecretBridge.InvalidArgument,*'
            @{ orgId = 'a/b' }, @{ orgId = 8 } | Resolve-SecretReference -Template "$other/data/{orgId}/db" -AsPlainText -ErrorVariable problem -ErrorAction SilentlyContinue | Should -Be eight
            $problem.FullyQualifiedErrorId | Should -Be 'SecretBridge.InvalidArgument,SecretBridge.Commands.ResolveSecretReference'
        }

        It 'names the reference that leads to nothing, and goes on with the others' {
            $rows = "vault://$other/nothing", "vault://$other/one#nothing", "vault://$other/one" | Resolve-SecretReference -ErrorVariable problem -ErrorAction SilentlyContinue
            $rows.Count | Should -Be 3
            $rows[2].Value.Reveal() | Should -Be $canary
            $problem.FullyQualifiedErrorId | Should -Be (@('SecretBridge.SecretNotFound,SecretBridge.Commands.ResolveSecretReference') * 2)
            $problem[1].TargetObject | Should -Be "vault://default@$other/one#nothing"
        }

        It 'takes rows of a walk and hands its own on' {
            $rows = Get-VaultSubtree "vault://$other" -Include '*/db' | Resolve-SecretReference
            $rows.Value | ForEach-Object { $_.Reveal() } | Should -Be seven, eight
            ($rows | Get-VaultSecret).Name | Should -Be db, db
        }

        It 'forgets when the connection ends' {
            $two = Connect-TestBackend $session.Server -Name two
            Resolve-SecretReference "vault://two@$other/one" | ForEach-Object FromCache | Should -BeFalse
            Resolve-SecretReference "vault://$other/one" -Backend two | ForEach-Object FromCache | Should -BeTrue
            $two | Disconnect-VaultBackend
            $null = Connect-TestBackend $session.Server -Name two
            Resolve-SecretReference "vault://two@$other/one" | ForEach-Object FromCache | Should -BeFalse
            Disconnect-VaultBackend two
            $null = Connect-TestBackend $session.Server
        }

        It 'shows no value by accident' {
            $row = Resolve-SecretReference "vault://$other/one"
            $all = Resolve-SecretReference "vault://$kv/apps/billing/db"
            $file = Join-Path $TestDrive "resolved-$other.xml"
            $said = & {
                foreach ($thing in $row, $all) {
                    $thing
                    $thing | Format-List * -Force | Out-String
                    $thing | Format-List | Out-String
                    $thing | Format-Table | Out-String
                    $thing | ConvertTo-Json -Depth 9 -WarningAction SilentlyContinue
                    $thing | ConvertTo-Csv
                    $thing | Export-Clixml $file -Depth 9
                    Get-Content $file -Raw
                }
                Resolve-SecretReference "vault://$other/one#nothing" -Verbose -ErrorAction Continue
            } *>&1 | Out-String -Width 4000
            $said | Should -Match 'sealed'
            $said | Should -Not -Match $canary
        }
    }
}
