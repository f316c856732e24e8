namespace SecretBridge.DevVault;

/// <summary>auth/token: create, look up, renew and revoke.</summary>
internal sealed class TokenEngine(Cluster cluster) : IEngine
{
    private static readonly Reply NotRenewable = Reply.Errors(400, "lease is not renewable");

    public bool? Exists(Call call) => null;

    public Reply Handle(Call call) => (call.Below, call.Operation) switch
    {
        ("create" or "create-orphan", Operation.Update) => Create(call),
        ("lookup-self", Operation.Read or Operation.Update) => Lookup(call, call.Token),
        ("lookup", Operation.Update or Operation.Read) => Lookup(call, Named(call) ?? (call.Fields.Has("token") ? null : call.Token)),
        ("lookup-accessor", Operation.Update) => ByAccessor(call) is { } token ? Lookup(call, token, showId: false) : BadAccessor(call),
        ("renew-self", Operation.Update) => Renew(call, call.Token),
        ("renew", Operation.Update) => Renew(call, Named(call)),
        ("renew-accessor", Operation.Update) => ByAccessor(call) is { } token ? Renew(call, token) : BadAccessor(call),
        ("revoke-self", Operation.Update) => Revoke(call.Token),
        ("revoke" or "revoke-orphan", Operation.Update) => Revoke(Named(call)),
        ("revoke-accessor", Operation.Update) => ByAccessor(call) is { } token ? Revoke(token) : BadAccessor(call),
        ("create" or "create-orphan" or "lookup-self" or "lookup" or "renew-self" or "renew" or "revoke-self" or "revoke", _) => Reply.UnsupportedOperation,
        _ => Reply.UnsupportedPath,
    };

    private Reply Create(Call call)
    {
        Token parent = call.Token!;
        bool sudo = cluster.AclOf(parent).MaySudo(call.Namespace.Path + call.Path);
        if (parent.IsBatch)
        {
            return Reply.Errors(400, "batch tokens cannot create more tokens");
        }
        if (parent.NumUses > 0)
        {
            return Reply.Errors(400, "restricted use token cannot generate child tokens");
        }

        RequestFields fields = call.Fields;
        List<string> policies = [.. fields.Strings("policies") ?? parent.Policies];
        if (!sudo && policies.Except(parent.Policies).Any(policy => policy != "default"))
        {
            return Reply.Errors(400, "child policies must be subset of parent");
        }
        if (!policies.Contains("root") && fields.Flag("no_default_policy") != true)
        {
            policies.Add("default");
        }
        var warnings = new List<string>();
        warnings.AddRange(policies.Where(name => name != "root" && !call.Namespace.Policies.ContainsKey(name)).Select(name => $"Policy \"{name}\" does not exist"));
        TimeSpan ttl = fields.Duration("ttl") ?? fields.Duration("lease") ?? TimeSpan.Zero;
        TimeSpan explicitMax = fields.Duration("explicit_max_ttl") ?? TimeSpan.Zero;
        WarnOfCap(warnings, ttl, TokenStore.Limit(explicitMax, TimeSpan.Zero));
        string? name = fields.Text("display_name");
        Token token = cluster.Tokens.Create(
            new TokenRequest
            {
                Namespace = call.Namespace,
                Policies = policies,
                Id = fields.Text("id"),
                DisplayName = string.IsNullOrEmpty(name) ? "token" : "token-" + name,
                Path = call.Path,
                Meta = fields.Map("meta") ?? fields.Map("metadata"),
                Ttl = ttl,
                ExplicitMaxTtl = explicitMax,
                Period = fields.Duration("period") ?? TimeSpan.Zero,
                NumUses = fields.Int("num_uses") ?? 0,
                IsBatch = fields.Text("type") == "batch",
                IsRenewable = fields.Flag("renewable") ?? true,
                IsOrphan = call.Below == "create-orphan" || fields.Flag("no_parent") == true,
                Parent = call.Below == "create-orphan" || fields.Flag("no_parent") == true ? null : parent,
            },
            call.Now);
        return new Reply { Auth = token.DescribeAuth(cluster.Flavour, token.CreationTtl), Warnings = warnings.Count > 0 ? warnings : null };
    }

    private static Reply Lookup(Call call, Token? token, bool showId = true)
    {
        if (token is null)
        {
            return Reply.Errors(403, "bad token");
        }
        JsonMap data = token.DescribeLookup(call.Now);
        if (!showId)
        {
            data["id"] = "";
        }
        return Reply.Of(data);
    }

    private Reply Renew(Call call, Token? token)
    {
        if (token is null)
        {
            return Reply.Errors(403, "bad token");
        }
        if (token.IsBatch)
        {
            return Reply.Errors(400, "batch tokens cannot be renewed");
        }
        if (!token.IsRenewable)
        {
            return NotRenewable;
        }

        TimeSpan increment = call.Fields.Duration("increment") ?? TimeSpan.Zero;
        TimeSpan wanted = token.IsPeriodic ? token.Period : increment == TimeSpan.Zero ? token.CreationTtl : increment;
        DateTimeOffset end = call.Now + wanted;
        var warnings = new List<string>();
        DateTimeOffset last = token.Created + token.MaxTtl;
        if (end > last && !token.IsPeriodic)
        {
            WarnOfCap(warnings, wanted, token.MaxTtl);
            end = last;
        }
        token.Expires = end;
        return new Reply { Auth = token.DescribeAuth(cluster.Flavour, end - call.Now), Warnings = warnings.Count > 0 ? warnings : null };
    }

    private Reply Revoke(Token? token)
    {
        if (token is { IsBatch: true })
        {
            return Reply.Errors(400, "batch tokens cannot be revoked");
        }
        if (token is not null)
        {
            cluster.Tokens.Revoke(token);
        }
        return Reply.NoContent;
    }

    private Token? Named(Call call) => call.Fields.Text("token") is { } id ? cluster.Tokens.Find(id, call.Now) : null;

    private Token? ByAccessor(Call call) => cluster.Tokens.FindByAccessor(call.Fields.Text("accessor") ?? "", call.Now);

    private static Reply BadAccessor(Call call) =>
        call.Fields.Has("accessor") ? Reply.Failure(400, "invalid accessor") : Reply.Errors(400, "missing accessor");

    private static void WarnOfCap(List<string> warnings, TimeSpan wanted, TimeSpan limit)
    {
        if (wanted > limit)
        {
            warnings.Add($"TTL of \"{GoDuration.FormatShort(wanted)}\" exceeded the effective max_ttl of \"{GoDuration.FormatShort(limit)}\"; TTL value is capped accordingly");
        }
    }
}
