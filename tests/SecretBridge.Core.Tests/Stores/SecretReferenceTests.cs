using SecretBridge.Reporting;
using SecretBridge.Stores;
using Xunit;

namespace SecretBridge.Tests.Stores;

public class SecretReferenceTests
{
    [Theory]
    [InlineData("vault://kv/apps/db", "vault", null, "kv/apps/db", null, null)]
    [InlineData("vault://prod@kv/apps/db?version=3#password", "vault", "prod", "kv/apps/db", 3, "password")]
    [InlineData("VAULT://kv", "vault", null, "kv", null, null)]
    [InlineData("vault://kv/apps/", "vault", null, "kv/apps", null, null)]
    [InlineData("vault://kv/user@host/x", "vault", null, "kv/user@host/x", null, null)]
    [InlineData("vault://kv/100%25/%23x/what%3F", "vault", null, "kv/100%/#x/what?", null, null)]
    [InlineData("vault://kv/%252f", "vault", null, "kv/%2f", null, null)]
    [InlineData("vault://kv/a#key%23with%2Fslash", "vault", null, "kv/a", null, "key#with/slash")]
    [InlineData("builtin://billing#token", "builtin", null, "billing", null, "token")]
    [InlineData("builtin://", "builtin", null, "", null, null)]
    [InlineData("billing", null, null, "billing", null, null)]
    public void A_reference_parses_into_its_parts(string text, string? scheme, string? backend, string path, int? version, string? key)
    {
        var reference = SecretReference.Parse(text);
        Assert.Equal((scheme, backend, path, version, key),
            (reference.Scheme, reference.Backend, reference.Path.Value, reference.Version, reference.Key));
    }

    [Theory]
    [InlineData("vault://prod@kv/apps/db?version=3#password")]
    [InlineData("vault://kv/trailing space ")]
    [InlineData("vault://dev@kv/100%25/%23x/what%3F/user%40host")]
    [InlineData("vault://dev@kv/a+b/ä/😀/[x]*")]
    [InlineData("builtin://billing#a%2Fb")]
    [InlineData("billing")]
    public void What_is_printed_parses_back_to_itself(string text)
    {
        var reference = SecretReference.Parse(text);
        Assert.Equal(text, reference.ToString());
        Assert.Equal(reference, SecretReference.Parse(reference.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("vault://")]
    [InlineData("vault://@kv/a")]
    [InlineData("vault://pro d@kv/a")]
    [InlineData("https://vault.example:8200")]
    [InlineData("vault://kv/100%")]
    [InlineData("vault://kv/%zz")]
    [InlineData("vault://kv/%ff")]
    [InlineData("vault://kv/a#")]
    [InlineData("vault://kv/a?version=0")]
    [InlineData("vault://kv/a?version=-1")]
    [InlineData("vault://kv/a?version=x")]
    [InlineData("vault://kv/a?list=true")]
    public void Text_that_is_no_reference_is_refused(string text)
    {
        var exception = Assert.Throws<BridgeException>(() => SecretReference.Parse(text));
        Assert.Equal(FaultKind.InvalidReference, exception.Kind);
    }

    [Theory]
    [InlineData("vault://kv/a/../b")]
    [InlineData("vault://kv/%2e%2e/b")]
    [InlineData("vault://kv//a")]
    [InlineData("vault://kv/a//")]
    [InlineData("builtin://a//#k")]
    [InlineData("vault://kv/a%2Fb")]
    [InlineData("vault://kv/a%0Ab")]
    public void A_path_that_a_server_would_take_for_another_is_refused(string text)
    {
        var exception = Assert.Throws<BridgeException>(() => SecretReference.Parse(text));
        Assert.Equal(FaultKind.InvalidPath, exception.Kind);
    }
}
