-- Reads or writes the paths and bodies of the bench, as fast as the server answers. Each write makes a new secret.
local count = 0
local what, folders

function init(args)
  what, folders = args[1], tonumber(args[2])
  wrk.headers["X-Vault-Token"] = os.getenv("BENCH_TOKEN")
end

local function path(i)
  return string.format("/v1/bound/data/tree/folder%04d/secret%05d", i % folders, i)
end

local function body(i)
  local letter = string.char(97 + i % 26)
  return string.format('{"data":{"username":"user-%d","password":"%s-%d","port":%d,"enabled":true,"hosts":["db-%d-a.example","db-%d-b.example"],"options":{"pool":{"min":%d,"max":%d},"ssl":null,"note":"%s"},"certificate":"%s"},"options":{"cas":0}}',
    i, string.rep(letter, 64), i, 5000 + i % 100, i, i, i % 5, i % 50, string.rep("n", 120), string.rep("C", 220))
end

function request()
  count = count + 1
  if what == "write" then
    return wrk.format("POST", path(count), nil, body(count))
  end
  return wrk.format("GET", path(1 + count % 1500))
end
