using System.Text;
using SecretBridge.Stores;

namespace SecretBridge.Quickstart;

/// <summary>The secrets of the tour: some 200 of made-up services, and one profile.</summary>
internal static class Estate
{
    public const string Canary = "canary-correct-horse";

    private static readonly string[] Teams = ["billing", "checkout", "identity", "search", "shipping"];

    public static readonly string Profile =
        $$$"""
        {"name":"nightly-report","description":"Builds the nightly report","owner":"team-data","tags":["report","nightly"],
         "env":{"REPORT_REGION":"eu-central","LOG_LEVEL":"info"},
         "secrets":{"DB_PASSWORD":"{{{Canary}}}","API_TOKEN":"{{{Canary}}}-2"},
         "allowed_workflows":["report","audit"]}
        """;

    public static IEnumerable<(string Path, string Json)> Secrets()
    {
        foreach (string team in Teams)
        {
            for (int i = 0; i < 40; i++)
            {
                string kind = (i % 4) switch { 0 => "database", 1 => "api keys", 2 => "certificates", _ => "queue" };
                yield return ($"apps/{team}/{kind}/{team}-{i:00}",
                    $$$"""{"username":"{{{team}}}","password":"{{{Canary}}}-{{{team}}}-{{{i}}}","port":{{{5000 + i}}},"options":{"tls":true,"hosts":["a","b"],"note":null}}""");
            }
        }
    }

    public static SecretPayload Payload(string json) => SecretPayload.Parse(Encoding.UTF8.GetBytes(json), "quickstart");
}
