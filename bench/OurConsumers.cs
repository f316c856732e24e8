using SecretBridge.Audit.Consumers;

namespace SecretBridge.Bench;

/// <summary>What Get-VaultConsumer does, without PowerShell.</summary>
internal static class OurConsumers
{
    public static async Task<int> PrintAsync(string log, string uri)
    {
        var scan = new ConsumerScan(new() { Uris = [uri], Mount = "kv", KvVersion = 2, Logs = [log], GroupBy = [ConsumerGrouping.DisplayName] }, new Silence());
        await foreach (VaultConsumer row in scan.RunAsync(None(), CancellationToken.None))
        {
            if (row.Fault is not null)
            {
                Console.Error.WriteLine(row.Fault.Message);
                return 1;
            }

            Print(row.DisplayName, "read", row.Reads + row.MetadataReads);
            Print(row.DisplayName, "list", row.Lists);
            Print(row.DisplayName, "write", row.Writes);
            Print(row.DisplayName, "denied", row.Denied);
        }

        return 0;
    }

    private static void Print(string? name, string kind, long count)
    {
        if (count > 0)
        {
            Console.WriteLine(FormattableString.Invariant($"{name}\t{kind}\t{count}"));
        }
    }

    private static async IAsyncEnumerable<LogInput> None()
    {
        await Task.CompletedTask;
        yield break;
    }
}
