using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using SecretBridge.Stores;
using SecretBridge.Stores.Sealed;
using SecretBridge.Trees;

namespace SecretBridge.Bench;

/// <summary>What a sealed file of so many profiles costs, held against the derivation of its key, which nobody can save.</summary>
internal static class SealedBench
{
    private const int Profiles = 1000;
    private const double MostRatio = 4;

    public static async Task<int> RunAsync(BenchOptions options)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("secretbridge-bench-");
        var report = new StringBuilder();
        try
        {
            var file = new SealedFileOptions
            {
                Path = Path.Combine(folder.FullName, "bench.sealed"),
                Credential = SealedFileCredential.FromPassphrase(new NetworkCredential("", "bench passphrase").SecurePassword),
                Create = true,
            };
            var source = new InMemoryStore("kv");
            for (int i = 0; i < Profiles; i++)
            {
                await source.WriteAsync(SecretPath.Parse($"team{i % 20:00}/agent{i:0000}"), SecretPayload.Parse(Encoding.UTF8.GetBytes(Profile(i)), "bench"), null, CancellationToken.None);
            }

            (double copy, long saves, bool equal) = await CopyAsync(source, file, options.Throttle ?? 16);
            var derivations = new List<double>();
            var whole = new List<double>();
            var alone = new List<double>();
            for (int round = 0; round < options.Rounds; round++)
            {
                derivations.Add(Derive(file.Iterations));
                (double all, double save) = await SaveAsync(file, round);
                whole.Add(all);
                alone.Add(save);
            }

            double ratio = Median(whole) / Median(derivations);
            Line($"# A sealed file of {Profiles} profiles");
            Line("");
            Line($"{Environment.ProcessorCount} cores, {options.Rounds} rounds in turn, medians. The file has {new FileInfo(file.Path).Length / 1024} KiB; its key is {file.Iterations} rounds of PBKDF2-HMAC-SHA512.");
            Line("");
            Line("| what | ms |");
            Line("|---|---|");
            Line(FormattableString.Invariant($"| the derivation alone | {Median(derivations):0} |"));
            Line(FormattableString.Invariant($"| open with a passphrase, change one profile, save, close | {Median(whole):0} |"));
            Line(FormattableString.Invariant($"| the save of an open file alone | {Median(alone):0} |"));
            Line("");
            Line(FormattableString.Invariant($"Opening and saving costs {ratio:0.00} times the derivation; the bound is {MostRatio:0}."));
            Line(FormattableString.Invariant($"{Profiles} secrets were copied into it, each committed before its row, in {copy:0.00} s and {saves} saves with throttle {options.Throttle ?? 16}, and compared: {(equal ? "all equal" : "NOT EQUAL")}."));
            if (options.Output is not null)
            {
                await File.WriteAllTextAsync(options.Output, report.ToString());
            }

            return equal && ratio < MostRatio ? 0 : 1;
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        void Line(string text)
        {
            Console.WriteLine(text);
            report.AppendLine(text);
        }
    }

    private static double Derive(int iterations)
    {
        long start = Stopwatch.GetTimestamp();
        Rfc2898DeriveBytes.Pbkdf2("bench passphrase"u8, new byte[32], iterations, HashAlgorithmName.SHA512, 32);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static async Task<(double Whole, double Save)> SaveAsync(SealedFileOptions file, int round)
    {
        long start = Stopwatch.GetTimestamp();
        await using SealedFileStore store = await SealedFileStore.OpenAsync(file, TimeProvider.System, CancellationToken.None);
        long opened = Stopwatch.GetTimestamp();
        await using IWriteSession session = await store.OpenWriteSessionAsync(CancellationToken.None);
        await session.WriteAsync(SecretPath.Parse("team00/agent0000"), SecretPayload.Parse(Encoding.UTF8.GetBytes(Profile(round)), "bench"), null, CancellationToken.None);
        return (Stopwatch.GetElapsedTime(start).TotalMilliseconds, Stopwatch.GetElapsedTime(opened).TotalMilliseconds);
    }

    private static async Task<(double Seconds, long Saves, bool Equal)> CopyAsync(InMemoryStore source, SealedFileOptions file, int throttle)
    {
        await using SealedFileStore target = await SealedFileStore.OpenAsync(file, TimeProvider.System, CancellationToken.None);
        long before = target.Describe().Generation;
        var stores = new TwoStores(source, target);
        var copy = new SubtreeCopy(
            new CopyOptions { SourceStores = stores, DestinationStores = stores, DestinationUri = "builtin://", ThrottleLimit = throttle }, new Silence());
        await foreach (CopyResult row in copy.RunAsync(new[] { new TreeItem("vault://kv") }.ToAsync(), CancellationToken.None))
        {
            _ = row;
        }

        var comparison = new TreeComparison(
            new CompareOptions { ReferenceStores = stores, DifferenceStores = stores, ReferenceUri = "vault://kv", DifferenceUri = "builtin://" }, new Silence());
        await foreach (TreeDifference row in comparison.RunAsync(CancellationToken.None))
        {
            _ = row;
        }

        return (copy.Summary.Duration.TotalSeconds, target.Describe().Generation - before, comparison.Summary.IsClean && comparison.Summary.Equal == Profiles);
    }

    private static double Median(List<double> figures) => figures.Order().ElementAt(figures.Count / 2);

    // About 700 bytes: what an agent needs to run.
    private static string Profile(int i) =>
        $$"""{"name":"agent{{i:0000}}","description":"{{new string('d', 80)}}","owner":"team","tags":["prod","eu"],"env":{"REGION":"eu-1","LOG_LEVEL":"info","ENDPOINT":"https://api-{{i}}.example"},"secrets":{"API_KEY":"{{new string((char)('a' + (i % 26)), 64)}}-{{i}}","DB_PASSWORD":"{{new string((char)('A' + (i % 26)), 32)}}","CERTIFICATE":"{{new string('C', 260)}}"},"allowed_workflows":["build","deploy"]}""";

    private sealed class TwoStores(ISecretStore vault, ISecretStore builtin) : IStoreResolver
    {
        public ValueTask<StoreLocation> ResolveAsync(SecretReference reference, CancellationToken cancellationToken) => ValueTask.FromResult(
            reference.Scheme == "builtin" ? new StoreLocation(builtin, reference.Path) : new StoreLocation(vault, reference.Path.RelativeTo(vault.Root.Path)));
    }
}
