-- SPDX-License-Identifier: BSD-2-Clause
-- What Lua promises in its manual, over the parts of the C library that it stands on: numbers and
-- their text, strings, memory, jumps, files and time. Prints one line for each section that
-- passed; the first wrong one ends the program with its line.
package.path = "/lib/?.lua"

local function section(name, f)
  f()
  print("ok " .. name)
end

local function fails(pattern, f, ...)
  local good, message = pcall(f, ...)
  assert(not good and tostring(message):find(pattern), message)
end

section("numbers", function()
  assert(7 // 2 == 3 and -7 // 2 == -4 and 7 % -3 == -2 and -7 % 3 == 2)
  assert(7 / 2 == 3.5 and 2 ^ 10 == 1024.0 and 5.3 % 2 - 1.3 < 1e-12)
  assert(math.maxinteger + 1 == math.mininteger and math.type(1) == "integer")
  assert(1 << 63 == math.mininteger and 1 << 64 == 0 and ~0 == -1 and 0xff ~ 0x0f == 0xf0)
  assert(math.tointeger("8") == 8 or math.tointeger(8.0) == 8)
  assert(0x1p4 == 16.0 and 1e308 * 10 == math.huge and -1e308 * 10 == -math.huge)
  assert(0 / 0 ~= 0 / 0 and math.ult(1, -1))
  assert("10" + 5 == 15 and "0x10" + 0 == 16 and 10 .. 20 == "1020")
  fails("divide by zero", function() return 1 // 0 end)
  fails("attempt to perform arithmetic", function() return {} + 1 end)
  fails("no integer representation", function() return 1.5 | 1 end)
end)

section("number text", function()
  assert(tostring(1e15) == "1e+15" and tostring(0.1) == "0.1" and tostring(3.0) == "3.0")
  assert(tostring(1 / 3) == "0.33333333333333" and tostring(-0.0) == "-0.0")
  assert(string.format("%.17g", 0.1) == "0.10000000000000001")
  assert(string.format("%.3f|%10.2e|%-8g|", 3.14159, 12345.678, 0.5) == "3.142|  1.23e+04|0.5     |")
  assert(string.format("%5d|%-5d|%05d|%+d|%x|%X|%o", 42, 42, 42, 42, 255, 255, 8)
         == "   42|42   |00042|+42|ff|FF|10")
  assert(string.format("%q", 1 / 3) == "0x1.5555555555555p-2")
  assert(string.format("%a", 1.0) == "0x1p+0")
  assert(tonumber("1e1") == 10.0 and tonumber("0x.8p1") == 1.0 and tonumber("zz", 36) == 1295)
  assert(tonumber("1e") == nil and tonumber("") == nil and tonumber(" 12 ") == 12)
  for _, x in ipairs { 5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, 123456789.125, 1e23 } do
    assert(tonumber(string.format("%.17g", x)) == x)
  end
end)

section("mathematics", function()
  local function near(a, b) assert(math.abs(a - b) < 1e-12, a) end
  near(math.sin(math.pi / 6), 0.5)
  near(math.cos(1) ^ 2 + math.sin(1) ^ 2, 1)
  near(math.atan(1, -1), 3 * math.pi / 4)
  near(math.exp(math.log(10)), 10)
  near(math.log(8, 2), 3)
  near(math.sqrt(2) ^ 2, 2)
  assert(math.floor(-3.5) == -4 and math.ceil(-3.5) == -3 and math.fmod(-7, 3) == -1)
  assert(math.max(1, 5, 3) == 5 and math.min(4, 2, 8) == 2 and select(2, math.modf(3.25)) == 0.25)
  math.randomseed(42)
  local a = math.random(1 << 40)
  math.randomseed(42)
  assert(a == math.random(1 << 40))
  for _ = 1, 1000 do
    local r = math.random(3, 7)
    assert(r >= 3 and r <= 7)
  end
end)

section("strings", function()
  assert(("hello"):upper() == "HELLO" and ("abc"):rep(3, "-") == "abc-abc-abc")
  assert(("hello world"):find("o w") == 5 and ("a.b"):find(".", 1, true) == 2)
  assert(("key = value"):match("^(%w+)%s*=%s*(%w+)$") == "key")
  assert(("abc"):gsub("%w", "%0%0") == "aabbcc")
  assert(("$name is $age"):gsub("%$(%w+)", { name = "lua", age = 30 }) == "lua is 30")
  assert(("x"):byte() == 120 and string.char(76, 117, 97) == "Lua" and ("abc"):reverse() == "cba")
  assert(("%bxy"):len() == 4 and ("f(a(b)c)d"):match("%b()") == "(a(b)c)")
  assert(("THE (quick) fox"):find("%((%a+)%)") == 5)
  assert(("hello"):sub(-3, -2) == "ll" and #"\0\0" == 2 and "\x41\u{20AC}\z
          B" == "A\xe2\x82\xacB")
  assert("a" < "b" and "a\0b" > "a\0a" and not ("Z" > "a"))
  local words = {}
  for word in ("one two  three"):gmatch("%S+") do words[#words + 1] = word end
  assert(table.concat(words, ",") == "one,two,three")
  assert(#string.rep("x", 1 << 20) == 1 << 20)
  fails("malformed pattern", string.find, "a", "[a")
end)

section("packing and utf8", function()
  assert(string.pack("<i4", 1) == "\1\0\0\0" and string.pack(">I2", 258) == "\1\2")
  local bytes = string.pack("zs1d", "ab", "cd", 1.5)
  local a, b, c = string.unpack("zs1d", bytes)
  assert(a == "ab" and b == "cd" and c == 1.5)
  assert(utf8.char(72, 228, 8364, 128512) == "Hä€😀" and utf8.len("Hä€😀") == 4)
  local codes = {}
  for _, code in utf8.codes("ä€") do codes[#codes + 1] = code end
  assert(codes[1] == 228 and codes[2] == 8364 and utf8.offset("ä€", 2) == 3)
  assert(not utf8.len("\xff"))
end)

section("tables", function()
  local t = { 5, 2, 8, 1, n = 4 }
  table.sort(t)
  assert(table.concat(t, " ") == "1 2 5 8")
  table.sort(t, function(x, y) return x > y end)
  assert(t[1] == 8 and table.unpack(t, 2, 3) == 5)
  table.insert(t, 1, 9)
  assert(table.remove(t) == 1 and #t == 4 and table.move({ 1, 2 }, 1, 2, 2)[3] == 2)
  local big = {}
  for i = 1, 100000 do big[i] = (i * 7919) % 100003 end
  table.sort(big)
  for i = 2, #big do assert(big[i - 1] <= big[i]) end
  local keys = 0
  for _ in pairs { a = 1, b = 2, [1] = 3, [2.0] = 4 } do keys = keys + 1 end
  assert(keys == 4)
  fails("invalid order function", table.sort, { 1, 2, 3, 4, 5 }, function() return true end)
end)

section("metatables and modules", function()
  local Shape = require "shapes"
  assert(require "shapes" == Shape and package.loaded.shapes == Shape)
  local a, b = Shape.new(2, 3), Shape.new(3, 2)
  assert(a == b and not (a < b) and a .. b == "<2x3><3x2>" and a:area() == 6)
  local log = {}
  local proxy = setmetatable({}, {
    __index = function(_, k) return k .. "!" end,
    __newindex = function(_, k, v) log[k] = v end,
    __call = function(_, x) return x * 2 end,
    __len = function() return 99 end,
    __close = function() log.closed = true end,
  })
  proxy.x = 1
  assert(proxy.y == "y!" and log.x == 1 and proxy(21) == 42 and #proxy == 99)
  do local guard <close> = proxy end
  assert(log.closed)
  fails("module 'nowhere' not found", require, "nowhere")
end)

section("functions and coroutines", function()
  local function count(...) return select("#", ...) end
  assert(count(nil, nil) == 2 and (function(...) return ... end)(1, 2) == 1)
  local function fib(n) return n < 2 and n or fib(n - 1) + fib(n - 2) end
  assert(fib(22) == 17711)
  local function loop(n) if n == 0 then return "done" end return loop(n - 1) end
  assert(loop(1000000) == "done")
  local produce = coroutine.wrap(function() for i = 1, 3 do coroutine.yield(i) end end)
  assert(produce() == 1 and produce() == 2 and produce() == 3)
  local co = coroutine.create(function(a) local b = coroutine.yield(a + 1); error({ code = b }) end)
  assert(select(2, coroutine.resume(co, 1)) == 2)
  local good, thrown = coroutine.resume(co, 7)
  assert(not good and thrown.code == 7 and coroutine.status(co) == "dead")
  local many = {}
  for i = 1, 2000 do
    many[i] = coroutine.wrap(function() while true do coroutine.yield(i) end end)
  end
  for i = 1, 2000 do assert(many[i]() == i) end
  goto over
  error("not reached")
  ::over::
end)

section("errors", function()
  fails("suite.lua:%d+: boom", function() error("boom") end)
  local _, trace = xpcall(function() error("deep") end, debug.traceback)
  assert(trace:find("stack traceback"))
  fails("stack overflow", function() local function f() return 1 + f() end return f() end)
  fails("C stack overflow", function() return string.rep("x", 300):gsub(".", function()
    local function nest() return (("x"):gsub(".", nest)) end return nest() end) end)
  assert(not load("x =") and select(2, load("x = = 1", "=chunk")):find("^chunk:1:"))
  assert(load("return ...", "c", "t", {})(5) == 5)
  local code = string.dump(function(a) return a + 1 end)
  assert(load(code, "binary", "b")(41) == 42)
  fails("not enough memory", string.rep, "x", 1 << 30)
end)

section("garbage", function()
  collectgarbage()
  local before = collectgarbage("count")
  for _ = 1, 200 do local t = {} for i = 1, 1000 do t[i] = { i } end end
  collectgarbage()
  assert(collectgarbage("count") < before + 100)
  local weak = setmetatable({}, { __mode = "v" })
  weak[1] = {}
  local finalized = false
  do local _ = setmetatable({}, { __gc = function() finalized = true end }) end
  collectgarbage()
  collectgarbage()
  assert(weak[1] == nil and finalized)
  collectgarbage("generational")
  for i = 1, 100000 do local _ = { i } end
  collectgarbage("incremental")
end)

section("files and time", function()
  local file <close> = assert(io.open("/data.txt"))
  assert(file:read("l") == "first line" and file:read("n") == 42 and file:read("n") == -0.5)
  assert(file:read("L") == "\n" and file:seek("cur") == 19 and file:read("a") == "end\n")
  assert(file:read("l") == nil and file:seek("set", 6) == 6 and file:read(4) == "line")
  local lines = 0
  for _ in io.lines("/data.txt") do lines = lines + 1 end
  assert(lines == 3)
  local none, message, code = io.open("/nowhere")
  assert(not none and message == "/nowhere: No such file or directory" and code == 2)
  assert(os.getenv("GREETING") == "hi" and os.getenv("NOTHING") == nil)
  assert(os.time { year = 2000, month = 1, day = 1, hour = 12 } == 946728000)
  assert(os.date("!%Y-%m-%d %H:%M:%S", 86400) == "1970-01-02 00:00:00")
  assert(os.date("*t", 0).year == 1970 and os.time() > 1600000000 and os.clock() >= 0)
  assert(os.setlocale() == "C" and os.execute() == false)
end)

print("arguments: " .. table.concat(arg, " "))
os.exit(42, true)
