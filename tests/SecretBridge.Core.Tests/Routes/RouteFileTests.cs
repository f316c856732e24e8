using System.Text;
using SecretBridge.Reporting;
using SecretBridge.Routes;
using Xunit;

namespace SecretBridge.Tests.Routes;

public sealed class RouteFileTests : IDisposable
{
    private const string ByHand = """
        {
          // Who moves last stands first.
          "routes": [ // first match
            // Billing goes on Friday.
            {
              "pattern": "billing/**", /* all of it */
              "target": ["vault://a@kv/**", "vault://b@kv/**"],
              "new_target": "vault://new@kv/billing/**",
              "mode": "shadow", // since Monday
            }, // ask Ann

            { "pattern": "apps/**", "target": "vault://kv/**", "description": "the rest" } // no comma
          ],
        }

        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("secretbridge-").FullName;

    private string Full => Path.Combine(_folder, "routes.json");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_file_that_people_write_is_read_in_its_order()
    {
        IReadOnlyList<SecretRoute> routes = Write(ByHand).Routes;
        Assert.Equal(["billing/**", "apps/**"], routes.Select(route => route.Pattern));
        Assert.Equal((RouteMode.Shadow, 1, Full, "vault://a@kv/**,vault://b@kv/**", "vault://new@kv/billing/**"),
            (routes[0].Mode, routes[0].Position, routes[0].File, string.Join(',', routes[0].Target), routes[0].NewTarget.Single()));
        Assert.Equal((RouteMode.Proxy, 2, "the rest", null), (routes[1].Mode, routes[1].Position, routes[1].Description, routes[1].AllowFallbackUntil));
    }

    [Theory]
    [InlineData("", 1, 1, "the file ends where a JSON object with 'routes' was expected")]
    [InlineData("[]", 1, 1, "expected a JSON object with 'routes'")]
    [InlineData("{}", 1, 1, "expected 'routes', a list")]
    [InlineData("{\n  \"routes\": {}\n}", 2, 13, "expected a list of routes in [ ]")]
    [InlineData("{\n  \"routes\": [\n    7\n  ]\n}", 3, 5, "expected a route in { }")]
    [InlineData("{\n  \"routes\": [", 2, 14, "the file ends where a route in { } or ] was expected")]
    [InlineData("{ \"routes\": [] } x", 1, 18, "expected the end of the file")]
    [InlineData("{ \"routes\": [], \"routes\": [] }", 1, 17, "'routes' is given twice")]
    [InlineData("{ \"rout\": [] }", 1, 3, "'rout' is no field here; expected 'routes'")]
    [InlineData("{ \"routes\": [{ \"patern\": \"a\" }] }", 1, 16, "'patern' is no field here; expected 'pattern', 'target', 'new_target', 'mode', 'allow_fallback_until', 'description'")]
    [InlineData("{ \"routes\": [{ \"target\": \"vault://a/**\" }] }", 1, 14, "expected 'pattern', the references that the route is for")]
    [InlineData("{ \"routes\": [{ \"pattern\": \"a/**\" }] }", 1, 14, "it has no target")]
    [InlineData("{ \"routes\": [{ \"pattern\": 7 }] }", 1, 27, "expected text in 'pattern'")]
    [InlineData("{ \"routes\": [{ \"pattern\": [\"a\"] }] }", 1, 27, "expected text in 'pattern', not a list")]
    [InlineData("{ \"routes\": [{ \"target\": [7] }] }", 1, 27, "expected a list of references in 'target'")]
    [InlineData("{ \"routes\": [{ \"pattern\": \"a/**\",\n \"mode\": \"canary\" }] }", 2, 10, "'mode' must be proxy, shadow or cutover")]
    [InlineData("{ \"routes\": [{ \"pattern\": \"ä/**\", \"mode\": \"canary\" }] }", 1, 43, "'mode' must be proxy, shadow or cutover")]
    [InlineData("{ \"routes\": [{ \"allow_fallback_until\": \"2026-12-01T18:00:00\" }] }", 1, 40, "must be a time with its zone")]
    [InlineData("{ \"routes\": [{ \"allow_fallback_until\": \"canary\" }] }", 1, 40, "must be a time with its zone")]
    [InlineData("{ \"routes\": [{ \"target\": \"vault://canary//x\" }] }", 1, 26, "'target' is no reference with wildcards such as vault://backend@mount/**: a name in it is empty")]
    [InlineData("{ \"routes\": [{ \"pattern\": \"a/**\", \"target\": \"canary-hvs\" }] }", 1, 14, "a target of it has no scheme")]
    [InlineData("{ \"routes\": [{ \"target\": \"vault://u:canary@h/**\" }] }", 1, 26, "routes take no login")]
    [InlineData("{ \"routes\": [{ \"token\": \"canary\" }] }", 1, 16, "'token' looks like a login, and a route file holds none")]
    [InlineData("{ \"routes\": [{ \"pattern\": \"a/**\", \"target\": \"vault://b/**\", \"mode\": \"shadow\" }] }", 1, 14, "Shadow needs a new target")]
    [InlineData("{ \"routes\": [{ \"pattern\": \"a/**\", \"target\": \"vault://b/**\" },\n { \"pattern\": \"a/**\", \"target\": \"vault://b/**\" }] }", 2, 15, "route 1 has the same pattern")]
    [InlineData("{ \"routes\": [{ \"pattern\": \"\\ud800\" }] }", 1, 27, "this escapes half of one")]
    [InlineData("{ \"routes\": [{ \"pattern\" \"canary\" }] }", 1, 26, "expected a field's name in double quotes with a colon, or }")]
    public void A_broken_file_is_told_by_line_column_and_what_was_expected_and_not_repeated(string text, int line, int column, string flaw)
    {
        BridgeException refused = Assert.Throws<BridgeException>(() => Write(text));
        Assert.Equal((FaultKind.InvalidConfiguration, Full), (refused.Kind, refused.Target));
        Assert.StartsWith($"{Full}, line {line}, column {column}: ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(flaw, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_UTF_8_or_not_there_is_refused()
    {
        File.WriteAllBytes(Full, [(byte)'{', (byte)'"', 0xFF, (byte)'"', (byte)':', (byte)'1', (byte)'}']);
        Assert.Equal(FaultKind.InvalidConfiguration, Assert.Throws<BridgeException>(() => RouteFile.Load(Full)).Kind);
        Assert.Contains("There is no route file", Assert.Throws<BridgeException>(() => RouteFile.Load(Path.Combine(_folder, "none.json"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_bytes_whatever_end_in_anything_but_routes_or_a_refusal()
    {
        byte[] whole = Encoding.UTF8.GetBytes(ByHand);
        var random = new Random(20260101);
        for (int round = 0; round < 3000; round++)
        {
            byte[] broken = (byte[])whole.Clone();
            for (int hit = random.Next(1, 4); hit > 0; hit--)
            {
                broken[random.Next(broken.Length)] = (byte)random.Next(256);
            }

            broken = broken[..random.Next(broken.Length / 2, broken.Length + 1)];
            try
            {
                RouteFileReader.Read(broken, "routes.json");
            }
            catch (BridgeException exception)
            {
                Assert.Equal(FaultKind.InvalidConfiguration, exception.Kind);
            }
        }
    }

    [Fact]
    public void A_new_route_is_put_at_its_place_and_what_people_wrote_stays()
    {
        RouteFile file = Write(ByHand).Add(Route("last/**"), 2).Add(Route("first/**"), 0).Add(Route("middle/**") with { Mode = RouteMode.Cutover, NewTarget = ["vault://n/**"], AllowFallbackUntil = new(2026, 12, 1, 19, 0, 0, TimeSpan.FromHours(1)) }, 2);
        file.Save();
        string expected = """
            {
              // Who moves last stands first.
              "routes": [ // first match
                {
                  "pattern": "first/**",
                  "target": "vault://kv/**",
                  "mode": "proxy"
                },
                // Billing goes on Friday.
                {
                  "pattern": "billing/**", /* all of it */
                  "target": ["vault://a@kv/**", "vault://b@kv/**"],
                  "new_target": "vault://new@kv/billing/**",
                  "mode": "shadow", // since Monday
                }, // ask Ann
                {
                  "pattern": "middle/**",
                  "target": "vault://kv/**",
                  "new_target": "vault://n/**",
                  "mode": "cutover",
                  "allow_fallback_until": "2026-12-01T18:00:00Z"
                },

                { "pattern": "apps/**", "target": "vault://kv/**", "description": "the rest" }, // no comma
                {
                  "pattern": "last/**",
                  "target": "vault://kv/**",
                  "mode": "proxy"
                }
              ],
            }

            """;
        Assert.Equal(expected, File.ReadAllText(Full));
        Assert.Equal(["first/**", "billing/**", "middle/**", "apps/**", "last/**"], RouteFile.Load(Full).Routes.Select(route => route.Pattern));
    }

    [Fact]
    public void A_mode_is_flipped_in_its_place_and_back_to_the_same_file()
    {
        RouteFile file = Write(ByHand);
        RouteFile after = file.Set("billing/**", new() { Mode = RouteMode.Cutover, AllowFallbackUntil = new(2026, 12, 1, 18, 0, 0, TimeSpan.Zero) });
        after.Save();
        Assert.Equal((RouteMode.Cutover, new DateTimeOffset(2026, 12, 1, 18, 0, 0, TimeSpan.Zero)), (after.Routes[0].Mode, after.Routes[0].AllowFallbackUntil));
        string text = File.ReadAllText(Full);
        Assert.Contains("\"mode\": \"cutover\", // since Monday", text, StringComparison.Ordinal);
        Assert.Contains("\"pattern\": \"billing/**\",\n      \"allow_fallback_until\": \"2026-12-01T18:00:00Z\", /* all of it */", text, StringComparison.Ordinal);
        after = RouteFile.Load(Full).Set("billing/**", new() { Mode = RouteMode.Shadow, NoFallback = true });
        after.Save();
        Assert.Equal((RouteMode.Shadow, null), (RouteFile.Load(Full).Routes[0].Mode, RouteFile.Load(Full).Routes[0].AllowFallbackUntil));
        Assert.Equal(ByHand.Replace("\"pattern\": \"billing/**\",", "\"pattern\": \"billing/**\",\n      \"allow_fallback_until\": null,", StringComparison.Ordinal), File.ReadAllText(Full));
    }

    [Fact]
    public void Fields_that_are_not_there_come_behind_the_pattern()
    {
        RouteFile file = Write(ByHand).Set("apps/**", new() { Mode = RouteMode.Shadow, NewTarget = ["vault://x/**", "vault://y/**"], Target = ["vault://z/**"] });
        file.Save();
        Assert.Contains("""{ "pattern": "apps/**", "new_target": ["vault://x/**", "vault://y/**"], "mode": "shadow", "target": "vault://z/**", "description": "the rest" }""", File.ReadAllText(Full), StringComparison.Ordinal);
    }

    [Fact]
    public void A_removed_route_goes_with_its_lines_and_comments_stay()
    {
        RouteFile file = Write(ByHand).Remove("billing/**");
        Assert.Equal(["apps/**"], file.Routes.Select(route => route.Pattern));
        file.Remove("apps/**").Save();
        Assert.Empty(RouteFile.Load(Full).Routes);
        string text = File.ReadAllText(Full);
        string[] comments = ["// Who moves last", "// first match", "// Billing goes", "// ask Ann", "// no comma"];
        Assert.All(comments, comment => Assert.Contains(comment, text, StringComparison.Ordinal));
        Assert.Equal(["again/**"], RouteFile.Load(Full).Add(Route("again/**"), 0).Routes.Select(route => route.Pattern));
    }

    [Theory]
    [InlineData("""{"routes":[]}""", """{"routes":[{ "pattern": "n/**", "target": "vault://kv/**", "mode": "proxy" }]}""")]
    [InlineData("""{"routes":[{"pattern":"a","target":"vault://b/c"}]}""", """{"routes":[{"pattern":"a","target":"vault://b/c"}, { "pattern": "n/**", "target": "vault://kv/**", "mode": "proxy" }]}""")]
    [InlineData("""{"routes":[{"pattern":"a","target":"vault://b/c"},]}""", """{"routes":[{"pattern":"a","target":"vault://b/c"}, { "pattern": "n/**", "target": "vault://kv/**", "mode": "proxy" }]}""")]
    public void A_file_in_one_line_stays_in_one_line(string text, string expected)
    {
        Write(text).Add(Route("n/**"), RouteFile.Load(Full).Routes.Count).Save();
        Assert.Equal(expected, File.ReadAllText(Full));
    }

    [Fact]
    public void Line_ends_and_the_mark_of_the_file_stay()
    {
        File.WriteAllText(Full, ByHand.Replace("\n", "\r\n", StringComparison.Ordinal), new UTF8Encoding(true));
        RouteFile.Load(Full).Add(Route("n/**"), 0).Set("n/**", new() { Description = "ö" }).Remove("apps/**").Save();
        byte[] bytes = File.ReadAllBytes(Full);
        Assert.True(bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble));
        string text = Encoding.UTF8.GetString(bytes[3..]);
        Assert.Equal(text.Count(c => c == '\n'), text.Split("\r\n").Length - 1);
        Assert.Equal("ö", RouteFile.Load(Full).Routes[0].Description);
    }

    [Fact]
    public void An_edit_that_would_break_the_file_is_refused_and_the_file_stays()
    {
        string text = "{ \"routes\": [ /* one\n two */ ] }";
        BridgeException refused = Assert.Throws<BridgeException>(() => Write(text).Add(Route("n/**"), 0));
        Assert.Contains("Edit it by hand", refused.Message, StringComparison.Ordinal);
        Assert.Equal(text, File.ReadAllText(Full));
    }

    [Fact]
    public void What_cannot_be_edited_is_refused_before_the_file_is_touched()
    {
        RouteFile file = Write(ByHand);
        Assert.Contains("has a route 'apps/**'", Assert.Throws<BridgeException>(() => file.Add(Route("apps/**"), 0)).Message, StringComparison.Ordinal);
        Assert.Contains("has no route 'Apps/**'", Assert.Throws<BridgeException>(() => file.Remove("Apps/**")).Message, StringComparison.Ordinal);
        Assert.Contains("needs a new target", Assert.Throws<BridgeException>(() => file.Set("apps/**", new() { Mode = RouteMode.Cutover })).Message, StringComparison.Ordinal);
        Assert.Equal(ByHand, File.ReadAllText(Full));
    }

    [Fact]
    public void A_file_that_somebody_else_changed_in_between_is_left_to_them()
    {
        RouteFile file = Write(ByHand).Set("billing/**", new() { Mode = RouteMode.Cutover });
        File.AppendAllText(Full, "// mine\n");
        Assert.Equal(FaultKind.InvalidArgument, Assert.Throws<BridgeException>(file.Save).Kind);
        Assert.Equal(ByHand + "// mine\n", File.ReadAllText(Full));
        Assert.Equal([Full], Directory.GetFiles(_folder));
    }

    [Fact]
    public void A_first_route_makes_the_file_and_never_over_one_that_came_in_between()
    {
        RouteFile file = RouteFile.LoadOrNew(Full).Add(Route("n/**"), 0);
        RouteFile late = RouteFile.LoadOrNew(Full).Add(Route("m/**"), 0);
        file.Save();
        Assert.Equal("{\n  \"routes\": [\n    {\n      \"pattern\": \"n/**\",\n      \"target\": \"vault://kv/**\",\n      \"mode\": \"proxy\"\n    }\n  ]\n}\n", File.ReadAllText(Full));
        Assert.Equal(FaultKind.InvalidArgument, Assert.Throws<BridgeException>(late.Save).Kind);
        Assert.Equal(["n/**"], RouteFile.Load(Full).Routes.Select(route => route.Pattern));
        Assert.Equal([Full], Directory.GetFiles(_folder));
    }

    private static SecretRoute Route(string pattern) => new() { Pattern = pattern, Target = ["vault://kv/**"] };

    private RouteFile Write(string text)
    {
        File.WriteAllText(Full, text);
        return RouteFile.Load(Full);
    }
}
