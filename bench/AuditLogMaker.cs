using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SecretBridge.Bench;

/// <summary>Writes an audit log as Vault's file device does: a line a request and a line a response, mostly KV, of 60 identities.</summary>
internal static class AuditLogMaker
{
    public static async Task<long> WriteAsync(string path, long bytes)
    {
        var random = new Random(7);
        DateTimeOffset time = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);
        long lines = 0;
        await using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 20);
        while (file.Position < bytes)
        {
            time += TimeSpan.FromMilliseconds(random.Next(1, 40));
            int who = random.Next(60);
            bool denied = random.Next(200) == 0;
            (string operation, string at) = Ask(random);
            string id = Hex(random, 16);
            string token = "hmac-sha256:" + Convert.ToHexString(SHA256.HashData(BitConverter.GetBytes(who))).ToLowerInvariant();
            string auth = $$"""{"client_token":"{{token}}","accessor":"{{token}}","display_name":"approle-{{who:00}}","policies":["app-{{who:00}}","default"],"token_policies":["app-{{who:00}}","default"],"metadata":{"role_name":"role-{{who:00}}"},"entity_id":"968565a2-b7f7-5f8a-7f0e-cca474c818{{who:00}}","token_type":"service","token_ttl":3600,"token_issue_time":"2026-10-31T23:00:00Z"}""";
            string request = $$"""{"id":"{{id[..8]}}-{{id[8..12]}}-{{id[12..16]}}-{{id[16..20]}}-{{id[20..32]}}","operation":"{{operation}}","mount_type":"kv","client_token":"{{token}}","client_token_accessor":"{{token}}","namespace":{"id":"root"},"path":"{{at}}","remote_address":"10.0.{{who}}.7"}""";
            string error = denied ? ""","error":"1 error occurred:\n\t* permission denied\n\n" """.TrimEnd() : "";
            string data = denied || operation != "read" ? "" : $"""
                "data":{"{"}"data":{"{"}"user":"hmac-sha256:{Hex(random, 32)}","password":"hmac-sha256:{Hex(random, 32)}"{"}"},"metadata":{"{"}"created_time":"hmac-sha256:{Hex(random, 32)}","deletion_time":"hmac-sha256:{Hex(random, 32)}","destroyed":false,"version":{random.Next(1, 9)}{"}}"}
                """;
            string response = data.Length == 0 ? "" : $$"""
                ,"response":{"mount_type":"kv",{{data}}}
                """;
            await file.WriteAsync(Encoding.UTF8.GetBytes(
                $$"""{"time":"{{Stamp(time)}}","type":"request","auth":{{auth}},"request":{{request}}{{error}}}""" + "\n"
                + $$"""{"time":"{{Stamp(time.AddTicks(4000))}}","type":"response","auth":{{auth}},"request":{{request}}{{response}}{{error}}}""" + "\n"));
            lines += 2;
        }

        return lines;
    }

    // One request in a hundred is about what is looked for.
    private static (string Operation, string Path) Ask(Random random)
    {
        string team = random.Next(100) == 0 ? "apps/billing" : $"team{random.Next(40):00}/service{random.Next(30):00}";
        return random.Next(20) switch
        {
            0 => ("list", $"kv/metadata/{team}/"),
            1 => ("update", $"kv/data/{team}/db"),
            2 or 3 => ("update", $"transit/encrypt/key{random.Next(20)}"),
            4 => ("read", "auth/token/lookup-self"),
            _ => ("read", $"kv/data/{team}/item{random.Next(12)}"),
        };
    }

    private static string Stamp(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'17Z'", CultureInfo.InvariantCulture);

    private static string Hex(Random random, int bytes)
    {
        byte[] made = new byte[bytes];
        random.NextBytes(made);
        return Convert.ToHexString(made).ToLowerInvariant();
    }
}
