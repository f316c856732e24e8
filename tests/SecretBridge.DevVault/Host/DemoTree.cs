using System.Globalization;

namespace SecretBridge.DevVault;

/// <summary>A small tree as a company might have it, for scripts that need something to walk.</summary>
internal static class DemoTree
{
    private static readonly string[] Teams = ["billing", "identity", "shipping"];

    private static readonly string[] Environments = ["development", "production"];

    public static void Plant(DevVaultServer server, string mount, int version)
    {
        server.Mount(mount, version);
        int number = 0;
        foreach (string team in Teams)
        {
            foreach (string environment in Environments)
            {
                foreach (string name in new[] { "database", "queue", "api" })
                {
                    string digits = (++number).ToString("D4", CultureInfo.InvariantCulture);
                    server.Put(mount, $"apps/{team}/{environment}/{name}", $$"""{"user":"{{team}}-{{name}}","password":"demo-{{digits}}","port":{{5000 + number}}}""");
                }
            }
        }
        server.Put(mount, "apps/billing", """{"note":"a name that is a folder too"}""");
    }
}
