using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using SecretBridge.DevVault;
using Xunit;

namespace SecretBridge.Contract.Tests;

public sealed class LauncherTests
{
    [Theory]
    [InlineData("--flavour vault", "1.8")]
    [InlineData("--flavour openbao", "2.5")]
    public async Task The_executable_tells_where_it_listens_and_ends_with_its_parent(string arguments, string version)
    {
        using Process process = Start(arguments);
        JsonElement told = JsonElement.Parse((await process.StandardOutput.ReadLineAsync())!);
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(told.GetProperty("address").GetString()!) };

        JsonElement health = await client.GetFromJsonAsync<JsonElement>("/v1/sys/health");
        process.StandardInput.Close();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(2));

        Assert.StartsWith(version, health.GetProperty("version").GetString(), StringComparison.Ordinal);
        Assert.Equal((process.Id, 0), (told.GetProperty("pid").GetInt32(), process.ExitCode));
    }

    [Fact]
    public async Task Scripts_plant_a_tree_add_faults_and_read_the_log_without_a_token()
    {
        using Process process = Start("--token given");
        JsonElement told = JsonElement.Parse((await process.StandardOutput.ReadLineAsync())!);
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(told.GetProperty("address").GetString()!) };
        client.DefaultRequestHeaders.Add("X-Vault-Token", told.GetProperty("token").GetString());

        await client.PostAsJsonAsync("/devvault/demo", new { mount = "kv" });
        await client.PostAsJsonAsync("/devvault/faults", new { kind = "Status", status = 503, method = "GET", path = "kv/**" });
        using HttpResponseMessage failed = await client.GetAsync("/v1/kv/data/apps/billing");
        using HttpResponseMessage read = await client.GetAsync("/v1/kv/data/apps/billing");
        JsonElement log = await client.GetFromJsonAsync<JsonElement>("/devvault/requests");
        JsonElement secrets = (await (await client.PostAsJsonAsync("/devvault/secrets", new { mount = "kv" })).Content.ReadFromJsonAsync<JsonElement>())!;
        await client.PostAsJsonAsync("/devvault/state", new { state = "sealed" });
        using HttpResponseMessage health = await client.GetAsync("/v1/sys/health");
        process.StandardInput.Close();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(2));

        Assert.Equal((503, 200, 503), ((int)failed.StatusCode, (int)read.StatusCode, (int)health.StatusCode));
        Assert.Equal(["Status", null], log.EnumerateArray().Select(record => record.GetProperty("fault").GetString()));
        Assert.Equal(19, secrets.GetArrayLength());
    }

    [Fact]
    public async Task It_ends_when_the_process_named_as_its_parent_does()
    {
        using Process parent = Start("");
        await parent.StandardOutput.ReadLineAsync();
        using Process child = Start($"--parent {parent.Id}");
        await child.StandardOutput.ReadLineAsync();

        parent.StandardInput.Close();

        await child.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(0, child.ExitCode);
    }

    [Fact]
    public async Task Over_TLS_it_names_a_file_with_its_CA()
    {
        using Process process = Start("--tls");
        JsonElement told = JsonElement.Parse((await process.StandardOutput.ReadLineAsync())!);
        string pem = await File.ReadAllTextAsync(told.GetProperty("caFile").GetString()!);
        process.StandardInput.Close();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(2));

        Assert.StartsWith("https://", told.GetProperty("address").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("-----BEGIN CERTIFICATE-----", pem, StringComparison.Ordinal);
        Assert.False(File.Exists(told.GetProperty("caFile").GetString()));
    }

    private static Process Start(string arguments)
    {
        string library = typeof(DevVaultServer).Assembly.Location;
        return Process.Start(new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", $"\"{library}\" --urls http://127.0.0.1:0 {arguments}")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
    }
}
