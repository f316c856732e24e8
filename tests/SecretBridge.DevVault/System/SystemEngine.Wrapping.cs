namespace SecretBridge.DevVault;

internal sealed partial class SystemEngine
{
    public static readonly Reply BadWrappingToken = Reply.Errors(400, "wrapping token is not valid or does not exist");

    private Reply HandleWrapping(Call call, string rest)
    {
        if (rest is not ("lookup" or "unwrap" or "rewrap" or "wrap"))
        {
            return Reply.UnsupportedPath;
        }
        if (!call.IsWrite && !(rest == "lookup" && call.Operation == Operation.Read))
        {
            return Reply.UnsupportedOperation;
        }
        if (rest == "wrap")
        {
            return call.WrapTtl is null
                ? Reply.Errors(400, "endpoint requires response wrapping to be used")
                : Reply.Of(call.Fields.Root);
        }

        string? named = call.Fields.Text("token");
        Token? asked = named is null
            ? call.Token ?? cluster.Tokens.Find(call.TokenId ?? "", call.Now)
            : cluster.Tokens.Find(named, call.Now);
        if (asked?.Wrapped is not { } wrapped)
        {
            return named is null && string.IsNullOrEmpty(call.TokenId) ? Reply.Errors(400, "missing \"token\" value in input") : BadWrappingToken;
        }
        if (rest == "lookup")
        {
            return Reply.Of(new JsonMap
            {
                ["creation_path"] = wrapped.CreationPath,
                ["creation_time"] = GoTime.Format(wrapped.CreationTime),
                ["creation_ttl"] = (long)wrapped.Ttl.TotalSeconds,
            });
        }

        cluster.Tokens.Revoke(asked);

        // The wrapping token in the header was spent by being there; naming it in the body as well loses the value.
        if (named is not null && call.Token == asked)
        {
            return BadWrappingToken;
        }
        return rest == "rewrap"
            ? cluster.Wrap(call, wrapped.Reply, wrapped.Ttl, wrapped.CreationPath)
            : wrapped.Reply;
    }
}
