-- SPDX-License-Identifier: BSD-2-Clause
-- A module, for require().
local Shape = {}
Shape.__index = Shape
function Shape.new(w, h) return setmetatable({ w = w, h = h }, Shape) end
function Shape:area() return self.w * self.h end
function Shape.__eq(a, b) return a:area() == b:area() end
function Shape.__lt(a, b) return a:area() < b:area() end
function Shape.__concat(a, b) return tostring(a) .. tostring(b) end
function Shape.__tostring(s) return string.format("<%dx%d>", s.w, s.h) end
return Shape
